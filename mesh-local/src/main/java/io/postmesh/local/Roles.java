package io.postmesh.local;

import io.postmesh.audit.AuditConfig;
import io.postmesh.audit.Auditor;
import io.postmesh.delivery.DeliveryConfig;
import io.postmesh.delivery.DeliveryService;
import io.postmesh.ingress.IngressConfig;
import io.postmesh.ingress.IngressService;
import io.postmesh.policy.PolicyConfig;
import io.postmesh.policy.PolicyService;
import io.postmesh.runtime.kafka.Rights;
import io.postmesh.runtime.life.Platform;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.signer.SignerConfig;
import io.postmesh.signer.SignerService;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The services a process runs, one or all: the same opening for each. They meet in Kafka, wherever they run.
///
/// @param door empty: no mail comes in here
record Roles(List<Stage> stages, Optional<IngressConfig> door) {
    private static final int JOIN_SECONDS = 60;

    /// A service that takes its work from Kafka.
    sealed interface Stage {
        record Policy(PolicyConfig config) implements Stage {}

        record Signer(SignerConfig config) implements Stage {}

        /// @param audit made by the worker that has the first partition: one of them all
        record Delivery(DeliveryConfig config, AuditConfig audit) implements Stage {}
    }

    /// Returns when the stages have their partitions and clients are welcome. The door opens last and closes first:
    /// whoever gets in finds every stage at work.
    ///
    /// @return the door's port
    Optional<Integer> open(ServiceRun run, Platform platform) throws IOException {
        var joined = CompletableFuture.allOf(
                stages.stream().map(stage -> open(stage, run, platform)).toArray(CompletableFuture<?>[]::new));
        run.open(() -> joined.cancel(false)); // a stop meanwhile does not wait for work that never comes
        await(joined);
        return door.isEmpty()
                ? Optional.empty()
                : Optional.of(IngressService.open(run, door.get(), platform).port());
    }

    private static CompletableFuture<Void> open(Stage stage, ServiceRun run, Platform platform) {
        return switch (stage) {
            case Stage.Policy(var config) ->
                PolicyService.open(run, config, platform).joined();
            case Stage.Signer(var config) ->
                SignerService.open(run, config, platform).joined();
            case Stage.Delivery(var config, var audit) -> {
                var delivery = DeliveryService.open(run, config, platform);
                run.open(Auditor.open(
                        platform.kafka(), audit, platform.meters(), platform.clock(), delivery::ownsFirst));
                yield delivery.joined();
            }
        };
    }

    /// What Kafka has to allow all of them.
    Rights rights() {
        var ofDoor = door.isPresent() ? IngressService.RIGHTS : Rights.NONE;
        return stages.stream().map(Roles::rights).reduce(ofDoor, Rights::and);
    }

    /// Whether any of them writes or reads large bodies. The signer does neither: it has their hash.
    boolean touchBodies() {
        return door.isPresent() || stages.stream().anyMatch(stage -> !(stage instanceof Stage.Signer));
    }

    private static Rights rights(Stage stage) {
        return switch (stage) {
            case Stage.Policy _ -> PolicyService.RIGHTS;
            case Stage.Signer _ -> SignerService.RIGHTS;
            case Stage.Delivery _ -> DeliveryService.RIGHTS;
        };
    }

    private static String why(ExecutionException e) {
        return e.getCause() instanceof IOException told ? String.valueOf(told.getMessage()) : "" + e.getCause();
    }

    private static void await(CompletableFuture<Void> joined) throws IOException {
        try {
            joined.get(JOIN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException(
                    "Kafka gave the services no work in " + JOIN_SECONDS + " s; look at the brokers and their logs", e);
        } catch (ExecutionException e) {
            throw new IOException("a service did not start: " + why(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", e);
        }
    }
}
