{{/* A pod of the mesh. (dict "root" $ "component" "delivery" "facts" $facts "own" .Values.components.delivery) */}}
{{- define "postmesh.pod" -}}
{{- $values := .root.Values -}}
{{- $secrets := include "postmesh.secretsOf" . | fromYamlArray -}}
{{- $keyed := list -}}
{{- if .facts.signs -}}
  {{- $keyed = include "postmesh.keyed" .root | fromYamlArray -}}
{{- end -}}
{{- $annotations := deepCopy $values.podAnnotations -}}
{{- if .facts.smtp -}}
  {{- $_ := dict "sidecar.istio.io/inject" "false" "linkerd.io/inject" "disabled" | merge $annotations -}}{{/* a proxy hides the client's address */}}
{{- end -}}
{{- $kafkaFile := and (eq $values.mode "distributed") $values.kafka.clientConfig.existingSecret -}}
metadata:
  labels:
    {{- include "postmesh.componentSelector" . | nindent 4 }}
    {{- with $values.podLabels }}{{ toYaml . | nindent 4 }}{{ end }}
  annotations:
    checksum/settings: {{ include "postmesh.settings" .root | sha256sum }}
    checksum/secrets: {{ include "postmesh.ownSecrets" .root | sha256sum }}
    {{- with $annotations }}{{ toYaml . | nindent 4 }}{{ end }}
spec:
  serviceAccountName: {{ include "postmesh.serviceAccount" .root | quote }}
  automountServiceAccountToken: false
  # A Service named postmesh would give each pod variables POSTMESH_..., which are no settings and end the start.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .facts.stop }}
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . | quote }}
  {{- end }}
  {{- with $values.image.pullSecrets }}
  imagePullSecrets: {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext: {{- include "postmesh.podSecurity" . | nindent 4 }}
  {{- with .own.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .own.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .own.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints: {{- include "postmesh.spread" . | trim | nindent 4 }}
  containers:
    - name: postmesh
      image: {{ include "postmesh.image" .root | quote }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      args: [{{ .facts.word }}]
      envFrom: [{configMapRef: {name: {{ include "postmesh.fullname" .root }}}}]
      {{- if or $secrets $keyed $kafkaFile }}
      env:
        {{- range $secrets }}
        - {name: {{ .name }}_FILE, value: /run/secrets/postmesh/{{ .name }}}
        {{- end }}
        {{- if $keyed }}
        - {name: POSTMESH_DKIM_KEYS, value: /run/secrets/dkim}
        {{- end }}
        {{- if $kafkaFile }}
        - {name: POSTMESH_KAFKA_CONFIG, value: /run/secrets/kafka/{{ $values.kafka.clientConfig.key }}}
        {{- end }}
      {{- end }}
      ports:
        {{- if .facts.smtp }}
        - {name: smtp, containerPort: 2525}
        {{- end }}
        - {name: management, containerPort: 8080}
      # Joining Kafka's groups takes seconds. One that gets nowhere ends by itself after a minute and says why.
      startupProbe:
        httpGet: {path: /readyz, port: management}
        periodSeconds: 2
        timeoutSeconds: 2
        failureThreshold: {{ eq .component "allInOne" | ternary 300 60 }}
      readinessProbe:
        httpGet: {path: /readyz, port: management}
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      livenessProbe:
        httpGet: {path: /livez, port: management}
        periodSeconds: 10
        timeoutSeconds: 3
        failureThreshold: 3
      {{- if .facts.smtp }}
      # Until every node knows that this pod is no door any more, it is one.
      lifecycle: {preStop: {sleep: {seconds: 5}}}
      {{- end }}
      resources:
        requests: {cpu: {{ .own.resources.cpu | quote }}, memory: {{ .own.resources.memory | quote }}}
        limits: {memory: {{ .own.resources.memory | quote }}}
      securityContext: {{- include "postmesh.containerSecurity" . | nindent 8 }}
      volumeMounts:
        - {name: data, mountPath: /var/lib/postmesh}
        - {name: tmp, mountPath: /tmp}
        {{- if $values.blobs.existingClaim }}
        - {name: blobs, mountPath: /var/lib/postmesh-blobs}
        {{- end }}
        {{- if $secrets }}
        - {name: secrets, mountPath: /run/secrets/postmesh, readOnly: true}
        {{- end }}
        {{- if $keyed }}
        - {name: dkim, mountPath: /run/secrets/dkim, readOnly: true}
        {{- end }}
        {{- if $kafkaFile }}
        - {name: kafka, mountPath: /run/secrets/kafka, readOnly: true}
        {{- end }}
        {{- with $values.extraVolumeMounts }}{{ toYaml . | nindent 8 }}{{ end }}
  volumes:
    {{- if ne .component "allInOne" }}
    # Delivery keeps a cache there, and each process the lock of its name: it may go with the pod.
    - {name: data, emptyDir: {}}
    {{- end }}
    # Native libraries are unpacked and loaded from there.
    - {name: tmp, emptyDir: {sizeLimit: 256Mi}}
    {{- with $values.blobs.existingClaim }}
    - {name: blobs, persistentVolumeClaim: {claimName: {{ . | quote }}}}
    {{- end }}
    {{- if $secrets }}
    {{- include "postmesh.secretFiles" $secrets | nindent 4 }}
    {{- end }}
    {{- if $keyed }}
    - name: dkim
      projected:
        defaultMode: 0440
        sources:
          {{- range $keyed }}
          {{- $rsa := printf "%s.private" .dkim.selector }}
          {{- $ed25519 := printf "%s-ed25519.private" .dkim.selector }}
          - secret: {name: {{ .dkim.existingSecret | quote }}, items: [{key: {{ $rsa }}, path: {{ printf "%s/%s" .name $rsa | quote }}}]}
          - secret: {name: {{ .dkim.existingSecret | quote }}, optional: true, items: [{key: {{ $ed25519 }}, path: {{ printf "%s/%s" .name $ed25519 | quote }}}]}
          {{- end }}
    {{- end }}
    {{- if $kafkaFile }}
    - {name: kafka, secret: {secretName: {{ $values.kafka.clientConfig.existingSecret | quote }}, defaultMode: 0440}}
    {{- end }}
    {{- with $values.extraVolumes }}{{ toYaml . | nindent 4 }}{{ end }}
{{- end -}}

{{/* The volume with secret settings, each a file. (a list as of postmesh.secrets) */}}
{{- define "postmesh.secretFiles" -}}
- name: secrets
  projected:
    defaultMode: 0440
    sources:
      {{- range . }}
      - secret: {name: {{ .secret | quote }}, items: [{key: {{ .key | quote }}, path: {{ .name }}}]}
      {{- end }}
{{- end -}}

{{/* What a command that asks Kafka alone is handed: no other secret. */}}
{{- define "postmesh.kafkaSecrets" -}}
{{- $secrets := list -}}
{{- range include "postmesh.secrets" . | fromYamlArray -}}
  {{- if hasPrefix "POSTMESH_KAFKA_" .name -}}
    {{- $secrets = append $secrets . -}}
  {{- end -}}
{{- end -}}
{{- toYaml $secrets -}}
{{- end -}}

{{- define "postmesh.kafkaEnvironment" -}}
envFrom: [{configMapRef: {name: {{ include "postmesh.fullname" . }}}}]
{{- $secrets := include "postmesh.kafkaSecrets" . | fromYamlArray }}
{{- if or $secrets .Values.kafka.clientConfig.existingSecret }}
env:
  {{- range $secrets }}
  - {name: {{ .name }}_FILE, value: /run/secrets/postmesh/{{ .name }}}
  {{- end }}
  {{- if .Values.kafka.clientConfig.existingSecret }}
  - {name: POSTMESH_KAFKA_CONFIG, value: /run/secrets/kafka/{{ .Values.kafka.clientConfig.key }}}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "postmesh.kafkaMounts" -}}
{{- if include "postmesh.kafkaSecrets" . | fromYamlArray }}
- {name: secrets, mountPath: /run/secrets/postmesh, readOnly: true}
{{- end }}
{{- if .Values.kafka.clientConfig.existingSecret }}
- {name: kafka, mountPath: /run/secrets/kafka, readOnly: true}
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "postmesh.kafkaVolumes" -}}
{{- with include "postmesh.kafkaSecrets" . | fromYamlArray }}
{{ include "postmesh.secretFiles" . }}
{{- end }}
{{- with .Values.kafka.clientConfig.existingSecret }}
- {name: kafka, secret: {secretName: {{ . | quote }}, defaultMode: 0440}}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "postmesh.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "postmesh.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{- define "postmesh.spread" -}}
{{- with .root.Values.topologySpreadConstraints -}}
{{ toYaml . }}
{{- else -}}
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
- topologyKey: {{ . }}
  maxSkew: 1
  whenUnsatisfiable: ScheduleAnyway
  labelSelector: {matchLabels: {{ include "postmesh.componentSelector" $ | fromYaml | toJson }}}
{{- end }}
{{- end -}}
{{- end -}}
