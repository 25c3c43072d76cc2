package io.postmesh.runtime.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postmesh.runtime.ops.Buckets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connection to Redis. Redis being away is normal weather: nothing here blocks, waits longer than [#BOUND], or
/// fails at start.
public final class RedisState implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RedisState.class);

    static final Duration BOUND = Duration.ofMillis(250);

    /// After a failure Redis is left alone this long, so that a Redis that hangs does not slow every call down.
    static final Duration REST = Duration.ofSeconds(1);

    /// After so long without one good answer another connection is tried. The other end of this one may have gone
    /// without a word, which TCP notices after a quarter of an hour; or be a replica now, while the name of the
    /// primary has moved to another machine.
    private static final Duration DEAF = Duration.ofSeconds(5);

    private static final Duration STILL_HERE = Duration.ofSeconds(5);
    private static final Duration GONE = STILL_HERE.multipliedBy(3);
    /// Above this the commands themselves would become a memory problem.
    private static final int QUEUE = 10_000;

    private static final String NOT_YET = "not connected yet";

    private final ClientResources resources;
    private final RedisClient client;
    private final RedisURI uri;
    private final String room;
    private final String worker;
    private final MeterRegistry meters;
    private final Counter failed;
    private final Timer answered;
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private volatile @Nullable String trouble = NOT_YET;
    private volatile long awaySince = System.nanoTime(); // while there is trouble
    private final AtomicLong restUntil = new AtomicLong(System.nanoTime());
    private volatile long failingSince;
    private volatile int workers = 1;
    private volatile boolean closed;

    private RedisState(RedisURI uri, String room, String worker, MeterRegistry meters) {
        this.uri = uri;
        this.room = room;
        this.worker = worker;
        this.meters = meters;
        this.answered = Buckets.timer("postmesh_ratelimit_store_duration_seconds", Buckets.WORK)
                .description("Answers of Redis to a limit. Near 0.25 s: calls are given up, limits are local.")
                .register(meters);
        this.failed = Counter.builder("postmesh_redis_failed")
                .description("Calls that fell back to this worker's own share of a limit. Rising: look at Redis")
                .register(meters);
        Gauge.builder("postmesh_redis_away", () -> trouble == null ? 0 : 1)
                .description(
                        "1 while Redis does not serve this process, so limits are its own share. The log says why.")
                .register(meters);
        this.resources = resources();
        this.client = RedisClient.create(resources);
        client.setOptions(options());
    }

    /// Connects in the background, and again whenever the connection breaks.
    ///
    /// @throws IllegalArgumentException when the address is no redis:// or rediss:// URL
    public static RedisState connect(String url, MeterRegistry meters) {
        return connect(url, "mesh", UUID.randomUUID().toString(), meters);
    }

    /// @param room   workers of one room share its limits
    /// @param worker tells the workers of a room apart
    public static RedisState connect(String url, String room, String worker, MeterRegistry meters) {
        var redis = new RedisState(parse(url), room, worker, meters);
        redis.connectSoon();
        redis.resources
                .eventExecutorGroup()
                .scheduleAtFixedRate(redis::sayPresent, 0, STILL_HERE.toMillis(), TimeUnit.MILLISECONDS);
        return redis;
    }

    /// @throws IllegalArgumentException that says what to write, when it is no address of a Redis
    public static void checkUrl(String url) {
        var _ = parse(url);
    }

    private static RedisURI parse(String url) {
        if (!url.startsWith("redis://") && !url.startsWith("rediss://")) {
            throw new IllegalArgumentException("write an address such as redis://127.0.0.1:6379 or rediss://host:port");
        }
        try {
            var uri = RedisURI.create(url);
            uri.setTimeout(BOUND);
            return uri;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("write an address such as redis://127.0.0.1:6379", e);
        }
    }

    private static ClientResources resources() {
        return ClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .reconnectDelay(
                        Delay.exponential(Duration.ofMillis(50), Duration.ofSeconds(2), 2, TimeUnit.MILLISECONDS))
                .build();
    }

    /// Lettuce keeps two thousand million commands for a Redis that is away, unless it is told not to.
    private static ClientOptions options() {
        return ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(QUEUE)
                .timeoutOptions(TimeoutOptions.enabled(BOUND))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(Duration.ofSeconds(2))
                        .keepAlive(true)
                        .build())
                .build();
    }

    /// Why limits are local just now, if they are.
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /// For how long Redis has not served this process; zero while it does.
    Duration awayFor() {
        return trouble == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - awaySince);
    }

    MeterRegistry meters() {
        return meters;
    }

    /// How many workers of this room were alive when Redis last said so; 1 or more.
    public int workers() {
        return workers;
    }

    /// Runs a script. Fails within [#BOUND], at once while Redis rests.
    CompletableFuture<List<Long>> run(Script script, String key, String... arguments) {
        var to = connection;
        if (to == null || !mayCall()) {
            failed.increment();
            return CompletableFuture.failedFuture(
                    new RedisConnectionException(trouble().orElse("Redis rests")));
        }
        long since = System.nanoTime();
        return call(to, script, new String[] {key}, arguments)
                .orTimeout(BOUND.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, problem) -> {
                    answered.record(System.nanoTime() - since, TimeUnit.NANOSECONDS);
                    learn(problem);
                });
    }

    // A Redis in trouble is tried by one call after each rest; the others do not wait for it.
    private boolean mayCall() {
        long now = System.nanoTime();
        long until = restUntil.get();
        if (now - until < 0) return false;
        return trouble == null || restUntil.compareAndSet(until, now + REST.toNanos());
    }

    private static CompletableFuture<List<Long>> call(
            StatefulRedisConnection<String, String> to, Script script, String[] keys, String[] arguments) {
        try {
            return evaluated(to.async(), script, keys, arguments);
        } catch (RuntimeException closing) { // by a connection that is being closed or replaced
            return CompletableFuture.failedFuture(closing);
        }
    }

    private static CompletableFuture<List<Long>> evaluated(
            RedisAsyncCommands<String, String> commands, Script script, String[] keys, String[] arguments) {
        return commands.<List<Long>>evalsha(script.sha1(), ScriptOutputType.MULTI, keys, arguments)
                .toCompletableFuture()
                .exceptionallyCompose(problem -> Reason.unwrapped(problem) instanceof RedisNoScriptException
                        ? commands.<List<Long>>eval(script.text(), ScriptOutputType.MULTI, keys, arguments)
                                .toCompletableFuture() // Redis forgot it when it restarted; this teaches it again
                        : CompletableFuture.failedFuture(problem));
    }

    private void learn(@Nullable Throwable problem) {
        if (problem == null) {
            if (trouble != null) log.info("Redis answers; limits are shared");
            trouble = null;
            failingSince = 0;
            restUntil.set(System.nanoTime());
            return;
        }
        if (closed) return; // who leaves hears no answer, and that is no trouble
        failed.increment();
        long now = System.nanoTime();
        restUntil.set(now + REST.toNanos());
        if (trouble == null) awaySince = now;
        if (failingSince == 0) failingSince = now;
        else if (now - failingSince > DEAF.toNanos()) replaceConnection();
        inTrouble(trouble == null, Reason.of(problem));
    }

    private void inTrouble(boolean begins, String reason) {
        if (begins)
            log.warn(
                    "Redis at {} does not serve the limits ({}); every worker keeps to its own share of them",
                    address(),
                    reason);
        trouble = "limits are local: Redis at " + address() + ": " + reason;
    }

    private String address() {
        return uri.getHost() == null ? "its address" : uri.getHost() + ":" + uri.getPort();
    }

    private synchronized void replaceConnection() {
        var old = connection;
        if (old == null || closed) return;
        connection = null;
        failingSince = 0;
        old.closeAsync();
        connectSoon();
    }

    /// A connection that broke is mended by Lettuce; the first one, and one that is deaf, need us.
    private void connectSoon() {
        if (closed) return;
        client.connectAsync(StringCodec.UTF8, uri).whenComplete((made, problem) -> {
            if (problem == null) {
                connection = made;
                if (closed) made.closeAsync();
                sayPresent();
                return;
            }
            if (closed) return;
            inTrouble(NOT_YET.equals(trouble), Reason.of(problem));
            resources.eventExecutorGroup().schedule(this::connectSoon, REST.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    /// A worker's share of a limit needs to know how many share it, also when Redis has gone since.
    private void sayPresent() {
        if (connection == null) return;
        run(Script.PRESENCE, "postmesh:workers:" + room, worker, Long.toString(GONE.toMillis()))
                .thenAccept(answer -> workers = Math.max(1, answer.getFirst().intValue()));
    }

    @Override
    public void close() {
        closed = true;
        client.shutdown(Duration.ZERO, Duration.ofMillis(500));
        resources.shutdown(0, 500, TimeUnit.MILLISECONDS);
    }
}
