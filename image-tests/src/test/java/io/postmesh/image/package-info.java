/// The image from outside, by Testcontainers: what it is made of, what its words do, and a whole mesh of it with a real
/// Kafka (its own `broker`) and a real Redis, while containers are paused, killed and stopped.
///
/// Way in: `deploy/proof`, which builds the image and runs these with `-Dpostmesh.image.promised=true`; by hand
/// `mvn -pl image-tests test` after `deploy/image/build`. Where no engine or no image is, every test is skipped and
/// says
/// so.
/// Absent on purpose: any class of the mesh, and any image of a registry. `POSTMESH_IMAGE` and `POSTMESH_REDIS_IMAGE`
/// name other images.
/// Known gaps: one engine, so no network between machines; docker-compose.yml itself is tried by `deploy/proof`.
@NullMarked
package io.postmesh.image;

import org.jspecify.annotations.NullMarked;
