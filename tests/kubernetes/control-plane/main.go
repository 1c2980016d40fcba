// control-plane is every program of a Kubernetes test cluster in one binary, so that the libraries they share are
// linked once. The name it is called by (argv[0], else the first argument) picks the program.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

// Kubernetes' programs: each is a command line of its own.
var programs = map[string]func() *cobra.Command{
	"kube-apiserver":          apiserver.NewAPIServerCommand,
	"kube-controller-manager": controllers.NewControllerManagerCommand,
	"kube-scheduler":          func() *cobra.Command { return scheduler.NewSchedulerCommand() },
	"kubelet":                 func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) },
	"kubectl":                 kubectl.NewDefaultKubectlCommand,
}

// Ours, and those that read os.Args themselves.
var others = map[string]func([]string) error{
	"kwok":          kwok,
	"etcd":          func([]string) error { etcdmain.Main(os.Args); return nil },
	"device-plugin": devicePlugin,
	"render-chart":  renderChart,
}

func main() {
	name := filepath.Base(os.Args[0])
	if programs[name] == nil && others[name] == nil && len(os.Args) > 1 {
		os.Args = os.Args[1:]
		name = filepath.Base(os.Args[0])
	}
	if command := programs[name]; command != nil {
		os.Exit(cli.Run(command()))
	}
	program := others[name]
	if program == nil {
		fmt.Fprintf(os.Stderr, "there is no program %q in this binary\n", name)
		os.Exit(2)
	}
	if err := program(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}
