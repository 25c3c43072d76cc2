{{/* The ports named in a list of addresses or URLs, as a JSON list; the second argument for each that names none. (list "a:9092,b" 9092) */}}
{{- define "postmesh.portsIn" -}}
{{- $ports := list -}}
{{- range regexSplit "[\\s,]+" (first . | trim) -1 -}}
  {{- $port := regexFind ":[0-9]+(/|$)" . | trimPrefix ":" | trimSuffix "/" -}}
  {{- $ports = $port | default (last $) | int | append $ports -}}
{{- end -}}
{{- $ports | uniq | toJson -}}
{{- end -}}

{{/* Where delivery connects to: the relay's ports, or the port of MX hosts. */}}
{{- define "postmesh.remotePorts" -}}
{{- $standard := .Values.env.POSTMESH_DELIVERY_PORT | default 25 | int -}}
{{- if hasKey .Values.env "RELAYHOST" -}}
{{ include "postmesh.portsIn" (list (.Values.env.RELAYHOST | toString) 25) }}
{{- else -}}
{{ list $standard | toJson }}
{{- end -}}
{{- end -}}

{{/* An egress or ingress rule. (dict "key" "to" "peers" list "ports" (list 25)) */}}
{{- define "postmesh.rule" -}}
- ports:
    {{- range .ports }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
  {{- with .peers }}
  {{ $.key }}: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "postmesh.kafkaEgress" -}}
{{ include "postmesh.rule" (dict "key" "to" "peers" .Values.networkPolicy.kafkaTo "ports" (include "postmesh.portsIn" (list .Values.kafka.bootstrapServers 9092) | fromJsonArray)) }}
{{- end -}}

{{/* What every pod of the mesh may reach. */}}
{{- define "postmesh.commonEgress" -}}
{{- $v := .Values -}}
- ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
{{- if eq $v.mode "distributed" }}
{{ include "postmesh.kafkaEgress" . }}
{{ include "postmesh.rule" (dict "key" "to" "peers" $v.networkPolicy.redisTo "ports" (include "postmesh.portsIn" (list (regexReplaceAll "^.*@" $v.redis.url "") ($v.redis.port | int)) | fromJsonArray)) }}
{{- end }}
{{- if $v.blobs.store }}
{{ include "postmesh.rule" (dict "key" "to" "ports" (include "postmesh.portsIn" (list $v.blobs.s3.endpoint (hasPrefix "http:" $v.blobs.s3.endpoint | ternary 80 443)) | fromJsonArray)) }}
{{- end }}
{{- range $name := list "OTEL_EXPORTER_OTLP_ENDPOINT" "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" }}
{{- with get $v.env $name }}
{{ include "postmesh.rule" (dict "key" "to" "ports" (include "postmesh.portsIn" (list . (hasPrefix "http:" . | ternary 80 443)) | fromJsonArray)) }}
{{- end }}
{{- end }}
{{- with $v.networkPolicy.extraEgress }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Who may connect to SMTP, as a list; empty: everybody. */}}
{{- define "postmesh.smtpPeers" -}}
{{- if .Values.networkPolicy.smtpFrom -}}
{{ toYaml .Values.networkPolicy.smtpFrom }}
{{- else if eq .Values.smtp.service.type "ClusterIP" -}}
- podSelector: {}
{{- else -}}
[]
{{- end -}}
{{- end -}}
