package io.postmesh.local;

import io.postmesh.contract.BadRecord;
import io.postmesh.contract.LedgerCodec;
import io.postmesh.contract.Topics;
import io.postmesh.mail.MailId;
import io.postmesh.runtime.kafka.InRecord;
import io.postmesh.runtime.kafka.TopicTail;
import io.postmesh.runtime.life.Platform;
import io.postmesh.runtime.life.ServiceRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Prints a line for each message as it ends, from the mesh's own journal: `mail.events` and `mail.outcomes`.
final class Stories implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Stories.class);
    private static final int REMEMBERED = 10_000; // mail under way at once; beyond that lines are missing, not mail

    private final PrintWriter out;
    private final Instant since;
    private final ServiceRun tails = ServiceRun.named("stories");
    private final Map<String, Story> open = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Story> eldest) {
            return size() > REMEMBERED;
        }
    };

    private Stories(PrintWriter out, Instant since) {
        this.out = out;
        this.since = since;
    }

    /// Returns when everything from now on will be seen.
    static Stories tell(Platform platform, PrintWriter out) throws IOException {
        var stories = new Stories(out, platform.clock().instant());
        try {
            stories.watch(platform, "stories-events", Topics.EVENTS, stories::event);
            stories.watch(platform, "stories-outcomes", Topics.OUTCOMES, stories::outcome);
            return stories;
        } catch (IOException e) {
            stories.close();
            throw e;
        }
    }

    private void watch(Platform platform, String name, Topics topic, Consumer<InRecord> each) throws IOException {
        var tail = tails.open(TopicTail.open(platform.kafka(), name, topic, TopicTail.From.NOW, each));
        try {
            tail.caughtUp().get(15, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("Kafka does not let us watch the mail go by", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", e);
        }
    }

    private void event(InRecord record) {
        var value = record.value();
        if (value == null) return;
        try {
            var step = LedgerCodec.journey(value);
            tell(step.id(), story -> story.add(step));
        } catch (BadRecord e) {
            log.warn("a step that cannot be read: {}", e.toString());
        }
    }

    private void outcome(InRecord record) {
        var value = record.value();
        if (value == null) return;
        try {
            var outcome = LedgerCodec.outcome(value);
            tell(outcome.id(), story -> {
                if (outcome.about().acceptedAt().isBefore(since)) story.tellsOnlyTheEnd(outcome);
                story.add(outcome);
            });
        } catch (BadRecord e) {
            log.warn("an outcome that cannot be read: {}", e.toString());
        }
    }

    // Two tails call this.
    private synchronized void tell(MailId id, Consumer<Story> change) {
        var story = open.computeIfAbsent(id.text(), Story::new);
        change.accept(story);
        story.news().ifPresent(line -> {
            out.println(line);
            out.flush();
        });
        if (story.isOver()) open.remove(id.text());
    }

    @Override
    public void close() {
        tails.close();
    }
}
