{{/* The name of everything that the release makes: the release's own, and the chart's unless that is in it. */}}
{{- define "hearth.name" -}}
{{- $name := ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) -}}
{{- $name | trunc 52 | trimSuffix "-" -}}
{{- end }}

{{/* What a Service and a StatefulSet find their pods by: never changes. */}}
{{- define "hearth.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "hearth.labels" -}}
{{ include "hearth.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* Where pods of this cluster reach the server. */}}
{{- define "hearth.address" -}}
http://{{ include "hearth.name" . }}.{{ .Release.Namespace }}.svc:{{ .Values.service.port }}/
{{- end }}

{{/* hearth.toml: what the chart decides, then the values' own sections. */}}
{{- define "hearth.toml" -}}
[data]
directory = "/data"

[server]
listen = "0.0.0.0:3000"
{{- with .Values.rootUrl }}
root_url = {{ . | quote }}
{{- end }}

[database]
connections = {{ int .Values.database.connections }}
{{- if .Values.database.existingSecret }}
url_file = "/etc/hearth-database/url"
{{- end }}

# A pod has no sandbox for tasks of its own.
[engine.local]
enabled = false
{{- with .Values.tasks.agentImage }}

[[engine.kubernetes]]
name = "cluster"
agent_image = {{ . | quote }}
namespace_prefix = {{ $.Values.tasks.namespacePrefix | quote }}
server_address = {{ include "hearth.address" $ | quote }}
{{- if $.Values.tasks.imagePullSecret }}
image_pull_secret_file = "/etc/hearth-registries/config.json"
{{- end }}
{{- end }}
{{- with .Values.config }}

{{ . | trim }}
{{- end }}
{{- end }}
