/// The Helm chart of deploy/helm/postmesh, without a cluster: Helm renders it, Kubernetes' own Java types read what
/// comes out.
///
/// Way in: [io.postmesh.chart.Chart#render] for the objects of one set of values, [io.postmesh.chart.Chart#refusal] for
/// what
/// Helm says of values that are wrong. Every file of the chart's `ci` folder is rendered by each test that is about all
/// meshes.
///
/// Absent on purpose: the rest of Postmesh. Settings are compared with docs/configuration.md, which mesh-local's tests
/// hold true.
///
/// Known gaps: no cluster accepts the objects here, so admission (Pod Security, quotas) is asserted, not tried; the
/// kinds of KEDA
/// and of the Prometheus operator are read by types of our own ([io.postmesh.chart.CustomResources]).
@NullMarked
package io.postmesh.chart;

import org.jspecify.annotations.NullMarked;
