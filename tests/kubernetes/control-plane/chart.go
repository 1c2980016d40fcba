package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader"
	"helm.sh/helm/v4/pkg/engine"
)

// renderChart prints what a chart makes of its values, as `helm template` does.
func renderChart(args []string) error {
	flags := flag.NewFlagSet("render-chart", flag.ExitOnError)
	folder := flags.String("chart", ".", "the chart's folder")
	name := flags.String("name", "hearth", "the release's name")
	namespace := flags.String("namespace", "hearth", "the namespace it goes to")
	file := flags.String("values", "", "a file with values beside the chart's own")
	if err := flags.Parse(args); err != nil {
		return err
	}
	values := common.Values{}
	if *file != "" {
		read, err := common.ReadValuesFile(*file)
		if err != nil {
			return err
		}
		values = read
	}
	chart, err := loader.Load(*folder)
	if err != nil {
		return err
	}
	release := common.ReleaseOptions{Name: *name, Namespace: *namespace, Revision: 1, IsInstall: true}
	whole, err := util.ToRenderValues(chart, values, release, common.DefaultCapabilities)
	if err != nil {
		return err
	}
	files, err := engine.Render(chart, whole)
	if err != nil {
		return err
	}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		text := strings.TrimSpace(files[file])
		if text != "" && !strings.HasPrefix(path.Base(file), "_") && path.Ext(file) != ".txt" {
			fmt.Fprintf(os.Stdout, "---\n# Source: %s\n%s\n", file, text)
		}
	}
	return nil
}
