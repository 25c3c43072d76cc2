/// What the operator asked for, read once.
///
/// Way in: [io.postmesh.runtime.settings.Settings#load]. Each service turns it into a record of its own
/// (`XConfig.from(settings)`); then [io.postmesh.runtime.settings.Settings#check] names every problem at once.
/// Absent on purpose: reloading. What may change while mail flows lives in the topic `mesh.config`.
@NullMarked
package io.postmesh.runtime.settings;

import org.jspecify.annotations.NullMarked;
