package io.postmesh.ingress.intake;

import io.postmesh.contract.Placement;
import io.postmesh.ingress.session.Admission;
import io.postmesh.ingress.session.Answer;
import io.postmesh.ingress.session.Client;
import io.postmesh.ingress.session.Command.MailFrom;
import io.postmesh.ingress.session.Replies;
import io.postmesh.ingress.session.Transaction;
import io.postmesh.ingress.wire.Door;
import io.postmesh.runtime.redis.Decision;
import io.vertx.core.Context;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/// The door of one event loop.
public final class Intake implements Door {
    /// Set aside for a message whose size nobody announced: most are smaller.
    private static final long UNANNOUNCED = 64 * 1024;

    /// What a message holds at most while it is smaller than a blob: its header, a piece of the body twice, the record.
    private static final long MOST_HELD = 512 * 1024;

    private final IntakePlan plan;
    private final Context context;
    private final Workbench bench = new Workbench();
    private final RandomGenerator random = new SplittableRandom(new SecureRandom().nextLong());

    public Intake(IntakePlan plan, Context context) {
        this.plan = plan;
        this.context = context;
    }

    @Override
    public boolean isOpen() {
        return !plan.budget().isFarOver();
    }

    @Override
    public CompletionStage<Ticket> admit(Client client, MailFrom mail) {
        // Kafka does not answer: better to say so here than after 25 MB.
        if (plan.mail().trouble().isPresent()) return now(new NoRoom(Replies.STORE_AWAY));
        if (plan.space().isShort()) return now(new NoRoom(Replies.NO_SPACE));
        var rate = plan.clientRate();
        if (rate.isEmpty()) return now(room(client, mail));
        return plan.limiter()
                .take("client:" + client.network(), rate.get(), 1)
                .thenApply(decision -> switch (decision) {
                    case Decision.Allowed _ -> room(client, mail);
                    case Decision.Limited _ -> new NoRoom(Replies.TOO_FAST);
                });
    }

    private Ticket room(Client client, MailFrom mail) {
        // A stranger is refused at RCPT and sends no content: its MAIL must not take the room of those who do.
        if (!client.trusted()) return new Room(new Share(plan.budget(), 0));
        long octets = mail.size() < 0 ? UNANNOUNCED : Math.min(mail.size() + 8 * 1024, MOST_HELD);
        if (!plan.budget().reserve(octets)) return new NoRoom(Replies.NO_MEMORY);
        return new Room(new Share(plan.budget(), octets));
    }

    private static CompletionStage<Ticket> now(Ticket ticket) {
        return CompletableFuture.completedFuture(ticket);
    }

    @Override
    public void close() {
        bench.close();
    }

    IntakePlan plan() {
        return plan;
    }

    Context context() {
        return context;
    }

    Workbench bench() {
        return bench;
    }

    RandomGenerator random() {
        return random;
    }

    Placement placement() {
        return plan.placement().get();
    }

    private record NoRoom(Answer answer) implements Ticket {
        @Override
        public Admission admission() {
            return new Admission.Refused(answer);
        }

        @Override
        public Receipt receive(Client client, Transaction transaction) {
            throw new IllegalStateException("refused at MAIL");
        }

        @Override
        public void release() {}
    }

    private final class Room implements Ticket {
        private final Share share;
        private boolean given;

        Room(Share share) {
            this.share = share;
        }

        @Override
        public Admission admission() {
            return new Admission.Granted();
        }

        @Override
        public Receipt receive(Client client, Transaction transaction) {
            given = true;
            return new IncomingMessage(Intake.this, share, client, transaction);
        }

        @Override
        public void release() {
            if (!given) share.release();
            given = true;
        }
    }
}
