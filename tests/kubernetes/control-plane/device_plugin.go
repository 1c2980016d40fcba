package main

import (
	"context"
	"flag"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	v1beta1 "k8s.io/kubelet/pkg/apis/deviceplugin/v1beta1"
)

// cards is a device plugin without devices: a container gets the resource and the environment variable that the
// vendor's plugin would give it.
type cards struct {
	v1beta1.UnimplementedDevicePluginServer
	count    int
	variable string
}

func (c cards) GetDevicePluginOptions(context.Context, *v1beta1.Empty) (*v1beta1.DevicePluginOptions, error) {
	return &v1beta1.DevicePluginOptions{}, nil
}

func (c cards) ListAndWatch(_ *v1beta1.Empty, stream v1beta1.DevicePlugin_ListAndWatchServer) error {
	devices := make([]*v1beta1.Device, c.count)
	for i := range devices {
		devices[i] = &v1beta1.Device{ID: strconv.Itoa(i), Health: v1beta1.Healthy}
	}
	if err := stream.Send(&v1beta1.ListAndWatchResponse{Devices: devices}); err != nil {
		return err
	}
	<-stream.Context().Done() // no card ever changes
	return nil
}

func (c cards) Allocate(_ context.Context, asked *v1beta1.AllocateRequest) (*v1beta1.AllocateResponse, error) {
	answer := &v1beta1.AllocateResponse{}
	for _, container := range asked.ContainerRequests {
		environment := map[string]string{c.variable: strings.Join(container.DevicesIds, ",")}
		answer.ContainerResponses = append(answer.ContainerResponses, &v1beta1.ContainerAllocateResponse{Envs: environment})
	}
	return answer, nil
}

func devicePlugin(args []string) error {
	flags := flag.NewFlagSet("device-plugin", flag.ExitOnError)
	folder := flags.String("folder", v1beta1.DevicePluginPath, "the kubelet's folder of device plugins")
	resource := flags.String("resource", "nvidia.com/gpu", "what a card is called")
	count := flags.Int("count", 2, "how many there are")
	variable := flags.String("variable", "NVIDIA_VISIBLE_DEVICES", "tells a container its cards")
	if err := flags.Parse(args); err != nil {
		return err
	}
	name := strings.NewReplacer("/", "-", ".", "-").Replace(*resource) + ".sock"
	socket := filepath.Join(*folder, name)
	for { // a restarted kubelet empties the folder: serve and register again
		serve(cards{count: *count, variable: *variable}, *folder, socket, &v1beta1.RegisterRequest{
			Version: v1beta1.Version, Endpoint: name, ResourceName: *resource,
		})
		time.Sleep(time.Second)
	}
}

// serve answers the kubelet until it no longer knows this plugin. An error is a kubelet that is not there yet.
func serve(plugin cards, folder, socket string, registration *v1beta1.RegisterRequest) {
	_ = os.Remove(socket)
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return
	}
	server := grpc.NewServer()
	v1beta1.RegisterDevicePluginServer(server, plugin)
	go func() { _ = server.Serve(listener) }()
	defer server.Stop()
	kubelet, err := grpc.NewClient("unix://"+filepath.Join(folder, "kubelet.sock"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return
	}
	defer kubelet.Close()
	_, err = v1beta1.NewRegistrationClient(kubelet).Register(context.Background(), registration)
	for err == nil {
		time.Sleep(time.Second)
		_, err = os.Stat(socket)
	}
}
