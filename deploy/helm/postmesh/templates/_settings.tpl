{{/* Settings that are no secrets, as NAME: value. What has a place of its own in values.yaml comes from there. */}}
{{- define "postmesh.settings" -}}
{{- $settings := dict "POSTFIX_mynetworks" (include "postmesh.trusted" . | fromYamlArray | join " ") -}}
{{- with .Values.hostname -}}
  {{- $_ := set $settings "POSTFIX_myhostname" . -}}
{{- end -}}
{{- if not .Values.env.LOG_FORMAT -}}
  {{- $_ := set $settings "POSTMESH_LOG_FORMAT" .Values.logFormat -}}
{{- end -}}
{{- $_ := include "postmesh.domainSettings" . | fromYaml | merge $settings -}}
{{- $_ := include "postmesh.blobSettings" . | fromYaml | merge $settings -}}
{{- $_ := include "postmesh.kafkaSettings" . | fromYaml | merge $settings -}}
{{- range $name, $value := .Values.env -}}
  {{- $_ := set $settings $name ($value | toString) -}}
  {{- if kindIs "float64" $value -}}
    {{- $_ := $value | int64 | toString | set $settings $name -}}{{/* not 2.62144e+07 */}}
  {{- end -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}

{{/*
Whose mail is relayed, as a list. Where strangers reach the door loopback is none of these: a sidecar proxy hands everybody over from
there. Nobody at all is 0.0.0.0, which no client can have (RFC 1122 3.2.1.3): an empty setting would be its default, loopback.
*/}}
{{- define "postmesh.trusted" -}}
{{- $local := list -}}
{{- if eq .Values.smtp.service.type "ClusterIP" -}}
  {{- $local = list "127.0.0.0/8" "[::1]/128" -}}
{{- end -}}
{{- concat $local .Values.smtp.trustedNetworks | default (list "0.0.0.0/32") | toYaml -}}
{{- end -}}

{{- define "postmesh.domainSettings" -}}
{{- with .Values.domains -}}
{{- $names := list -}}
{{- $selectors := list "mail" -}}
{{- range . -}}
  {{- $names = append $names .name -}}
  {{- if .dkim -}}
    {{- $selectors = printf "%s=%s" .name .dkim.selector | append $selectors -}}
  {{- end -}}
{{- end -}}
ALLOWED_SENDER_DOMAINS: {{ join " " $names | quote }}
{{- if gt (len $selectors) 1 }}
DKIM_SELECTOR: {{ join "," $selectors | quote }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "postmesh.blobSettings" -}}
{{- with .Values.blobs -}}
{{- if .store -}}
POSTMESH_BLOB_STORE: {{ .store | quote }}
POSTMESH_S3_REGION: {{ .s3.region | quote }}
POSTMESH_S3_PATH_STYLE: {{ .s3.pathStyle | quote }}
{{- with .s3.endpoint }}
POSTMESH_S3_ENDPOINT: {{ . | quote }}
{{- end -}}
{{- else if .existingClaim -}}
POSTMESH_BLOBS: /var/lib/postmesh-blobs
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "postmesh.kafkaSettings" -}}
{{- if eq .Values.mode "distributed" -}}
{{- with .Values.kafka -}}
POSTMESH_KAFKA_BOOTSTRAP: {{ .bootstrapServers | quote }}
POSTMESH_KAFKA_REPLICAS: {{ .replicas | int | quote }}
POSTMESH_ACCEPTED_PARTITIONS: {{ .partitions | int | quote }}
POSTMESH_OWNER_PARTITIONS: {{ .partitions | int | quote }}
{{- with .securityProtocol }}
POSTMESH_KAFKA_SECURITY_PROTOCOL: {{ . }}
{{- end }}
{{- if .sasl.user }}
POSTMESH_KAFKA_USER: {{ .sasl.user | quote }}
POSTMESH_KAFKA_SASL_MECHANISM: {{ .sasl.mechanism }}
{{- end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Secret settings the release keeps itself, as NAME: value. */}}
{{- define "postmesh.ownSecrets" -}}
{{- $own := deepCopy .Values.secrets.values -}}
{{- with .Values.redis.url -}}
  {{- $_ := set $own "POSTMESH_REDIS_URL" . -}}
{{- end -}}
{{- toYaml $own -}}
{{- end -}}

{{/* Every secret setting, with the Secret and the entry that hold it, as a list. */}}
{{- define "postmesh.secrets" -}}
{{- range $name, $_ := include "postmesh.ownSecrets" . | fromYaml }}
- {name: {{ $name }}, secret: {{ include "postmesh.fullname" $ }}, key: {{ $name }}}
{{- end }}
{{- range .Values.secrets.names }}
- {name: {{ . }}, secret: {{ $.Values.secrets.existingSecret | quote }}, key: {{ . }}}
{{- end }}
{{- with .Values.kafka }}
{{- if .tls.ca.existingSecret }}
- {name: POSTMESH_KAFKA_CA, secret: {{ .tls.ca.existingSecret | quote }}, key: {{ .tls.ca.key | quote }}}
{{- end }}
{{- if .tls.certificate.existingSecret }}
- {name: POSTMESH_KAFKA_CERTIFICATE, secret: {{ .tls.certificate.existingSecret | quote }}, key: {{ .tls.certificate.certificate | quote }}}
- {name: POSTMESH_KAFKA_KEY, secret: {{ .tls.certificate.existingSecret | quote }}, key: {{ .tls.certificate.key | quote }}}
{{- end }}
{{- if .sasl.existingSecret }}
- {name: POSTMESH_KAFKA_PASSWORD, secret: {{ .sasl.existingSecret | quote }}, key: {{ .sasl.key | quote }}}
{{- end }}
{{- end }}
{{- end -}}

{{/*
The secret settings a component is handed. The relay's password is delivery's alone: who breaks into the door must not find it.
(dict "root" $ "facts" $facts)
*/}}
{{- define "postmesh.secretsOf" -}}
{{- $handed := list -}}
{{- range include "postmesh.secrets" .root | fromYamlArray -}}
  {{- if or $.facts.delivers (not (hasPrefix "RELAYHOST_" .name)) -}}
    {{- $handed = append $handed . -}}
  {{- end -}}
{{- end -}}
{{- toYaml $handed -}}
{{- end -}}

{{/* The domains that have keys in a Secret, as a list. */}}
{{- define "postmesh.keyed" -}}
{{- $keyed := list -}}
{{- range .Values.domains -}}
  {{- if .dkim -}}
    {{- $keyed = append $keyed . -}}
  {{- end -}}
{{- end -}}
{{- toYaml $keyed -}}
{{- end -}}
