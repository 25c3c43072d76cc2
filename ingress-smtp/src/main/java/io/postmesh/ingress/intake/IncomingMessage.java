package io.postmesh.ingress.intake;

import io.postmesh.contract.RecordCodec;
import io.postmesh.contract.Slice;
import io.postmesh.ingress.session.Answer;
import io.postmesh.ingress.session.Client;
import io.postmesh.ingress.session.Limits;
import io.postmesh.ingress.session.Replies;
import io.postmesh.ingress.session.Transaction;
import io.postmesh.ingress.wire.Door.Receipt;
import io.postmesh.mail.MailId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One message, from its first octet to the record. Runs on one event loop.
///
/// Once it is clear that the message cannot be taken, nothing of it is kept; its octets only pass by until the dot.
final class IncomingMessage implements Receipt {
    private static final Logger log = LoggerFactory.getLogger(IncomingMessage.class);

    private final Intake intake;
    private final IntakePlan plan;
    private final Share share;
    private final Client client;
    private final Transaction transaction;
    private final Instant began;
    private final Spill spill;
    private final HeaderSection header = new HeaderSection();
    private @Nullable HeaderFacts facts;
    private @Nullable Body body;
    private @Nullable Answer refused;
    private boolean handedOver; // to Kafka's writer: from then on the room and the answer are its business
    private long octets;
    private boolean eightBitHeader;
    private boolean eightBitBody;

    IncomingMessage(Intake intake, Share share, Client client, Transaction transaction) {
        this.intake = intake;
        this.plan = intake.plan();
        this.share = share;
        this.client = client;
        this.transaction = transaction;
        this.began = plan.clock().instant();
        this.spill = new Spill(intake.context(), plan.blobs());
    }

    // ---- while it comes ----

    @Override
    public void text(byte[] bytes, int offset, int length) {
        octets += length;
        if (refused == null && spill.hasFailed()) notStored(spill.failure());
        if (refused != null) return;
        long limit = plan.limits().message();
        if (limit > 0 && octets > limit) {
            refuse(Replies.MESSAGE_TOO_LARGE);
            return;
        }
        int ofHeader = header.isComplete() ? 0 : takeHeader(bytes, offset, length);
        if (length > ofHeader && body != null) takeBody(body, bytes, offset + ofHeader, length - ofHeader);
        account();
    }

    private int takeHeader(byte[] bytes, int offset, int length) {
        int taken = header.take(bytes, offset, length);
        if (!eightBitHeader) eightBitHeader = HighBit.isIn(bytes, offset, taken);
        if (header.isTooLarge()) refuse(Replies.HEADER_TOO_LARGE);
        else if (Limits.isTooMuchHeader(
                header.length(), transaction.recipients().size())) refuse(Replies.HEADER_TOO_LARGE_FOR_MANY);
        else if (header.isComplete()) startBody();
        return taken;
    }

    private void startBody() {
        switch (HeaderCheck.of(header.slice())) {
            case HeaderCheck.Wrong(var answer) -> refuse(answer);
            case HeaderCheck.Fine(var found) -> {
                facts = found;
                body = new Body(
                        intake.bench(),
                        spill,
                        plan.inlineMax(),
                        transaction.mail().size());
            }
        }
    }

    private void takeBody(Body to, byte[] bytes, int offset, int length) {
        if (!eightBitBody) eightBitBody = HighBit.isIn(bytes, offset, length);
        to.write(bytes, offset, length);
    }

    private void account() {
        if (refused != null) return;
        share.atLeast(header.capacity() + (body == null ? 0 : body.held()));
        if (plan.budget().isFarOver()) refuse(Replies.NO_MEMORY);
    }

    @Override
    public boolean isFull() {
        return refused == null && spill.isBusy();
    }

    @Override
    public void onRoom(Runnable resume) {
        spill.onIdle(resume);
    }

    private void refuse(Answer answer) {
        refused = answer;
        spill.abort();
        letGo();
        share.release();
    }

    private void letGo() {
        if (body != null) body.close();
        body = null;
    }

    @Override
    public void abort() {
        if (!handedOver && refused == null) refuse(Replies.STOPPING);
    }

    // ---- at the dot ----

    @Override
    public CompletionStage<Answer> end(boolean hasNul, int longestLine) {
        if (refused == null && !header.isComplete()) startBody(); // a header section and nothing else
        if (refused == null && hasNul) refuse(Replies.HAS_NUL);
        if (refused == null && longestLine > plan.textLine()) refuse(Replies.TEXT_LINE_TOO_LONG);
        if (refused != null) return CompletableFuture.completedFuture(refused);
        if (facts == null || body == null) throw new IllegalStateException("neither refused nor read");
        return store(facts, body);
    }

    private CompletionStage<Answer> store(HeaderFacts known, Body whole) {
        long dotAt = System.nanoTime();
        var inline = whole.inline();
        if (inline.isPresent()) return write(known, whole, inline.get(), dotAt, () -> {});
        // Blob durable, then record, then 250: a record never names what is not there.
        return spill.commit()
                .transform(done -> done.succeeded()
                        ? writeNaming(done.result(), known, whole, dotAt)
                        : Future.succeededFuture(notStored(done.cause())))
                .toCompletionStage();
    }

    private Future<Answer> writeNaming(String key, HeaderFacts known, Body whole, long dotAt) {
        if (refused != null) { // nobody waits for the answer any more: the mail is still the client's
            spill.discard(key);
            return Future.succeededFuture(refused);
        }
        var stored = new Body.Stored(whole.blob(key), Slice.EMPTY);
        var answer = write(known, whole, stored, dotAt, () -> spill.discard(key));
        return Future.fromCompletionStage(answer, intake.context());
    }

    private Answer notStored(Throwable why) {
        if (refused != null) return refused;
        log.warn("blob of a message from {} not stored: {}", client.ip(), why.toString());
        refuse(Replies.NO_MEMORY);
        return Replies.NO_MEMORY;
    }

    private CompletionStage<Answer> write(
            HeaderFacts known, Body whole, Body.Stored stored, long dotAt, Runnable discard) {
        var now = plan.clock().instant();
        var id = MailId.at(now.toEpochMilli(), intake.random());
        var record = new Assembly(plan.ourName(), client, transaction, known)
                .record(
                        id,
                        now,
                        intake.placement(),
                        header.slice(),
                        stored,
                        whole.hash(),
                        eightBitHeader,
                        eightBitBody);
        var value = RecordCodec.encode(record);
        var step = plan.traces().begin(client, transaction.mail().sender(), known, began);
        handedOver = true;
        letGo(); // the record has its own copy
        share.exactly(value.length);
        return new Acceptance(plan, share, dotAt, discard, step).write(record.envelope(), value);
    }
}
