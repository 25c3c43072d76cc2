/// Starting in order, stopping in reverse.
///
/// Way in: [io.postmesh.runtime.life.ServiceRun]. [io.postmesh.runtime.life.Platform] is what every service is given.
/// Absent on purpose: a container, annotations, statics that change.
@NullMarked
package io.postmesh.runtime.life;

import org.jspecify.annotations.NullMarked;
