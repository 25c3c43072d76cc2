/// The compose files, read as YAML ([io.postmesh.chart.ComposeTest]), and
/// the Helm chart of deploy/helm/postmesh, without a cluster: Helm renders it, Kubernetes' own Java types read what
/// comes out.
///
/// Way in: [io.postmesh.chart.Chart#render] for the objects of one set of values, [io.postmesh.chart.Chart#refusal] for
/// what
/// Helm says of values that are wrong. Every file of the chart's `ci` folder is rendered by each test that is about all
/// meshes.
/// [io.postmesh.chart.Kubelet] runs the pods as containers, where there is an engine and the image.
///
/// Absent on purpose: the rest of Postmesh. Settings are compared with docs/configuration.md, which mesh-local's tests
/// hold true.
///
/// Known gaps: no cluster takes the objects in here, so admission (Pod Security, quotas), NetworkPolicies and
/// autoscalers are
/// asserted, not tried; the kinds of KEDA and of the Prometheus operator are read by types of our own
/// ([io.postmesh.chart.CustomResources]); Strimzi's, in the examples, are read as YAML only.
@NullMarked
package io.postmesh.chart;

import org.jspecify.annotations.NullMarked;
