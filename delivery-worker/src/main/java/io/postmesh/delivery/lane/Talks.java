package io.postmesh.delivery.lane;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/// The conversations of all lanes, and which of them still hold what others need. Guarded by its book's lock.
final class Talks {
    /// A conversation that lasts longer gives back its turn, though not its connection: a few hundred remotes that
    /// never answer the dot, each for its 10 minutes, must not stop the others.
    private static final Duration LINGERS = Duration.ofSeconds(20);

    private static final int LINGERING = 3; // times the attempts: each is a socket and a parked virtual thread

    /// So many of those that hang past their dot are out of their lanes' windows: the one in how many attempts. Each
    /// lets one more begin that may hang, too, and all of them together must not take up the lingering.
    private static final int SPARED = 2;

    private final int attempts;
    private final Set<Talk> talks = new LinkedHashSet<>(); // oldest first
    private int lingering;
    private int hanging;

    Talks(int attempts) {
        this.attempts = attempts;
    }

    Talk begin(Lane lane, Instant now) {
        var talk = new Talk(lane, now);
        talks.add(talk);
        lane.talking++;
        return talk;
    }

    void end(Talk talk) {
        talks.remove(talk);
        talk.lane.talking--;
        if (talk.lingers) lingering--;
        talk.spare(false);
    }

    int size() {
        return talks.size();
    }

    /// Turns that are taken.
    int turns() {
        return talks.size() - lingering;
    }

    /// Time has passed: who lasts gives back its turn, who hangs past its dot its place in the window.
    void tick(Instant now) {
        hanging = 0;
        for (var talk : talks) {
            if (!talk.lasts(LINGERS, now)) return;
            if (!talk.lingers && lingering < LINGERING * attempts) {
                talk.lingers = true;
                lingering++;
            }
            boolean hangs = talk.hangs(now);
            if (hangs) hanging++;
            talk.spare(hangs && talk.lingers && hanging <= attempts / SPARED);
        }
    }

    /// So many wait for the answer to their dot, and have for long.
    int hanging() {
        return hanging;
    }
}
