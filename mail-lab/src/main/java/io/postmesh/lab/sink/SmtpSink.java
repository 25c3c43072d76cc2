package io.postmesh.lab.sink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A mail server that takes everything and does to senders what they must survive.
///
/// One virtual thread per connection: a conversation reads downwards ([Conversation]).
public final class SmtpSink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpSink.class);
    private static final int BACKLOG = 1_000;

    final SinkOptions options;
    final Mailbox mailbox = new Mailbox();
    final Optional<SSLContext> tls;

    private final ServerSocket door;
    private final Queue<ServerSocket> doors = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> open = new ConcurrentHashMap<>(); // by the address of the door
    private final Map<String, Integer> mostOpen = new ConcurrentHashMap<>();
    private final Rules rules = new Rules();
    private final Counters counters = new Counters();
    private final Inbox inbox;
    private final Transcripts transcripts = new Transcripts();
    private final Optional<EmlFolder> folder;
    private final ExecutorService conversations = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Consumer<Received> listener = _ -> {};
    private volatile Consumer<Received> answered = _ -> {};

    private SmtpSink(SinkOptions options) throws IOException, GeneralSecurityException {
        this.options = options;
        inbox = new Inbox(options.memory);
        folder = options.folder.isPresent()
                ? Optional.of(EmlFolder.open(options.folder.get(), options.folderKeeps))
                : Optional.empty();
        tls = options.offers(Extension.STARTTLS)
                ? Optional.of(SelfSigned.forHost(options.hostname).serverContext())
                : Optional.empty();
        door = open(options.listen);
    }

    private ServerSocket open(InetSocketAddress at) throws IOException {
        var opened = new ServerSocket();
        opened.setReuseAddress(true);
        opened.bind(at, BACKLOG);
        doors.add(opened);
        Thread.ofVirtual().name("sink-door").start(() -> welcome(opened));
        return opened;
    }

    /// Another door, on the same port of another loopback address: rules may name it.
    public void alsoOn(InetAddress address) {
        if (!address.isLoopbackAddress()) {
            throw new IllegalArgumentException("the sink listens on loopback only, not on " + address);
        }
        try {
            open(new InetSocketAddress(address, port()));
        } catch (IOException e) {
            throw new UncheckedIOException("the sink cannot listen on " + address + " too: " + e.getMessage(), e);
        }
    }

    /// A sink with every extension but STARTTLS on a free port of loopback.
    public static SmtpSink start() {
        return start(new SinkOptions());
    }

    public static SmtpSink start(SinkOptions options) {
        try {
            return new SmtpSink(options);
        } catch (IOException e) {
            throw new UncheckedIOException("the sink cannot listen on " + options.listen + ": " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the sink cannot make its certificate", e);
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) door.getLocalSocketAddress();
    }

    public int port() {
        return door.getLocalPort();
    }

    /// Connections to this address at this moment.
    public int openAt(String address) {
        return open.getOrDefault(address, 0);
    }

    /// The most connections that were open at once to this address.
    public int mostOpenAt(String address) {
        return mostOpen.getOrDefault(address, 0);
    }

    public Inbox inbox() {
        return inbox;
    }

    public Counters counters() {
        return counters;
    }

    /// What clients said, command by command.
    public Transcripts transcripts() {
        return transcripts;
    }

    /// Misbehaviour by domain and stage; may change at any time.
    public Rules rules() {
        return rules;
    }

    /// Called for every kept message before its reply goes out, on the thread of its conversation. One
    /// listener.
    public void onReceived(Consumer<Received> listener) {
        this.listener = listener;
    }

    /// Called for every kept message once its reply is written, or not to come. One listener.
    public void onAnswered(Consumer<Received> listener) {
        answered = listener;
    }

    /// Cuts every connection and stops listening.
    @Override
    public void close() {
        try {
            for (var one : doors) one.close();
            conversations.shutdownNow();
            var _ = conversations.awaitTermination(2, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean keepsOctets() {
        return options.memory > 0 || folder.isPresent();
    }

    /// Takes the message in; the reply goes out only after this.
    void keep(Received mail, long octets) throws IOException {
        counters.recipients.add(mail.recipients().size());
        counters.octets.add(octets);
        if (!mail.flaws().none()) counters.flawed.increment();
        if (folder.isPresent()) folder.get().write(mail);
        listener.accept(mail);
        inbox.add(mail);
    }

    void told(Received mail) {
        answered.accept(mail);
    }

    private void welcome(ServerSocket door) {
        while (!door.isClosed()) {
            try {
                var socket = door.accept();
                conversations.execute(() -> converse(socket));
            } catch (IOException | java.util.concurrent.RejectedExecutionException e) {
                if (!door.isClosed()) LOG.warn("sink: cannot take a connection: {}", e.toString());
            }
        }
    }

    private void converse(Socket socket) {
        long number = counters.opened();
        var at = socket.getLocalAddress().getHostAddress();
        int now = open.merge(at, 1, Integer::sum);
        mostOpen.merge(at, now, Math::max);
        var left = new AtomicBoolean();
        Runnable leaves = () -> {
            if (!left.compareAndSet(false, true)) return;
            counters.open.decrementAndGet();
            open.merge(at, -1, Integer::sum);
        };
        try (socket) {
            new Conversation(this, new Wire(socket), number, leaves).run();
        } catch (IOException e) {
            LOG.debug("sink: connection {} broke: {}", number, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            leaves.run();
        }
    }
}
