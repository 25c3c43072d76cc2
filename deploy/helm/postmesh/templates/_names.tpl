{{/* 36 characters at most: a pod's name has a component, a revision and a suffix behind it, and is a host name. */}}
{{- define "postmesh.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride }}
{{- else if contains .Chart.Name .Release.Name -}}
{{ .Release.Name | trunc 36 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 36 | trimSuffix "-" }}
{{- end -}}
{{- end -}}

{{/* The name of a component's objects. (dict "root" $ "component" "delivery") */}}
{{- define "postmesh.componentName" -}}
{{ include "postmesh.fullname" .root }}{{ if ne .component "allInOne" }}-{{ .component }}{{ end }}
{{- end -}}

{{- define "postmesh.serviceAccount" -}}
{{ .Values.serviceAccount.create | ternary (include "postmesh.fullname" .) (.Values.serviceAccount.name | default "default") }}
{{- end -}}

{{- define "postmesh.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end -}}

{{/* What pods of this release have in common and never changes. */}}
{{- define "postmesh.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* (dict "root" $ "component" "delivery") */}}
{{- define "postmesh.componentSelector" -}}
{{ include "postmesh.selector" .root }}
app.kubernetes.io/component: {{ kebabcase .component }}
{{- end -}}

{{- define "postmesh.labels" -}}
{{ include "postmesh.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* (dict "root" $ "component" "delivery") */}}
{{- define "postmesh.componentLabels" -}}
{{ include "postmesh.labels" .root }}
app.kubernetes.io/component: {{ kebabcase .component }}
{{- end -}}

{{/*
The components of this mode, and what makes each different. `stop` is how long the kubelet waits before it kills: by itself
ingress is gone after 30 s at most (and 5 s of preStop), delivery after 75 s at most (docs/configuration.md, POSTMESH_DELIVERY_STOP).
*/}}
{{- define "postmesh.components" -}}
{{- if eq .Values.mode "allInOne" -}}
allInOne: {word: run, smtp: true, signs: true, delivers: true, stop: 60}
{{- else -}}
ingress: {word: ingress, smtp: true, stop: 60}
policy: {word: policy, stop: 30}
signer: {word: signer, signs: true, stop: 30}
delivery: {word: delivery, delivers: true, stop: 120}
{{- end -}}
{{- end -}}

{{/* The component that clients connect to. */}}
{{- define "postmesh.door" -}}
{{ eq .Values.mode "allInOne" | ternary "allInOne" "ingress" }}
{{- end -}}

{{/* Whom `helm test` writes as. */}}
{{- define "postmesh.testSender" -}}
{{- if .Values.test.from -}}
{{ .Values.test.from }}
{{- else if .Values.domains -}}
postmesh-test@{{ (first .Values.domains).name }}
{{- end -}}
{{- end -}}
