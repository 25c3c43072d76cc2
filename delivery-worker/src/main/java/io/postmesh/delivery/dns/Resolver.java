package io.postmesh.delivery.dns;

import io.postmesh.delivery.plan.AddressAnswer;
import io.postmesh.delivery.plan.MxAnswer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/// Questions to the DNS, answered as values. Answers are kept for their time to live, in a cache of bounded size;
/// questions already under way are not asked twice.
final class Resolver {
    private static final int CACHE_ENTRIES = 50_000; // some 20 MB when full
    private static final int LONGEST_KEPT = 3600; // seconds; a moved MX is seen within the hour whatever its TTL says
    private static final int LONGEST_KEPT_NEGATIVE = 300;

    private final LookUp lookUp;
    private final Duration patience;
    private final ConcurrentHashMap<Question, CompletableFuture<List<Record>>> asked = new ConcurrentHashMap<>();

    private record Question(Name name, int type) {}

    /// Asks a server.
    interface LookUp {
        CompletableFuture<List<Record>> ask(Name name, int type);
    }

    Resolver(LookUp lookUp, Duration patience) {
        this.lookUp = lookUp;
        this.patience = patience;
    }

    /// @param servers  empty: the system's
    /// @param patience for one question, all servers and tries together
    static Resolver open(List<InetSocketAddress> servers, Duration patience) {
        var cache = new Cache(DClass.IN);
        cache.setMaxEntries(CACHE_ENTRIES);
        cache.setMaxCache(LONGEST_KEPT);
        cache.setMaxNCache(LONGEST_KEPT_NEGATIVE);
        var system = ResolverConfig.getCurrentConfig();
        var session = LookupSession.builder()
                .resolver(resolver(servers.isEmpty() ? system.servers() : servers, patience))
                .cache(cache)
                .hostsFileParser(new HostsFileParser())
                .build();
        return new Resolver((name, type) -> ask(session, name, type), patience);
    }

    private static org.xbill.DNS.Resolver resolver(List<InetSocketAddress> servers, Duration patience) {
        var each = new ArrayList<org.xbill.DNS.Resolver>();
        for (var server : servers) {
            var one = new SimpleResolver(server);
            one.setTimeout(patience.dividedBy(4));
            each.add(one);
        }
        var all = new ExtendedResolver(each);
        all.setRetries(2);
        all.setTimeout(patience);
        return all;
    }

    CompletableFuture<MxAnswer> mx(String domain) {
        return ask(domain, Type.MX).handle((records, failure) -> {
            if (failure == null) return mxAnswer(domain, records);
            return switch (cause(failure)) {
                case NoSuchDomainException _ -> new MxAnswer.Missing();
                case NoSuchRRSetException _ -> implicit(domain); // RFC 5321 §5.1
                case Throwable other -> new MxAnswer.Unsure(words(other));
            };
        });
    }

    CompletableFuture<AddressAnswer> addresses(String host) {
        var four = address(host, Type.A);
        var six = address(host, Type.AAAA);
        return four.thenCombine(six, Resolver::together);
    }

    private CompletableFuture<AddressAnswer> address(String host, int type) {
        return ask(host, type).handle((records, failure) -> {
            if (failure == null) return addressAnswer(records);
            return switch (cause(failure)) {
                case NoSuchDomainException _, NoSuchRRSetException _ -> new AddressAnswer.None();
                case Throwable other -> new AddressAnswer.Unsure(words(other));
            };
        });
    }

    // An address of one family is enough; that there is none is known only when both questions were answered.
    private static AddressAnswer together(AddressAnswer four, AddressAnswer six) {
        if (four instanceof AddressAnswer.Found(var a) && six instanceof AddressAnswer.Found(var b)) {
            var both = new ArrayList<InetAddress>(a);
            both.addAll(b);
            return new AddressAnswer.Found(both);
        }
        if (four instanceof AddressAnswer.Found || six instanceof AddressAnswer.None) return four;
        return six;
    }

    private static MxAnswer implicit(String domain) {
        return new MxAnswer.Hosts(List.of(new MxAnswer.Mx(0, domain)));
    }

    private static MxAnswer mxAnswer(String domain, List<Record> records) {
        var all = records.stream()
                .filter(MXRecord.class::isInstance)
                .map(MXRecord.class::cast)
                .toList();
        if (all.isEmpty()) return implicit(domain); // an empty answer without proof is empty all the same
        // RFC 7505 §3: "." means no host. Beside real hosts it is a mistake, and they are used.
        var hosts = all.stream()
                .filter(mx -> !mx.getTarget().equals(Name.root))
                .map(mx -> new MxAnswer.Mx(mx.getPriority(), mx.getTarget().toString(true)))
                .toList();
        return hosts.isEmpty() ? new MxAnswer.NullMx() : new MxAnswer.Hosts(hosts);
    }

    private static AddressAnswer addressAnswer(List<Record> records) {
        var found = new ArrayList<InetAddress>();
        for (var record : records) {
            if (record instanceof ARecord a) found.add(a.getAddress());
            if (record instanceof AAAARecord aaaa) found.add(aaaa.getAddress());
        }
        return found.isEmpty() ? new AddressAnswer.None() : new AddressAnswer.Found(found);
    }

    private CompletableFuture<List<Record>> ask(String name, int type) {
        try {
            return ask(new Question(Name.fromString(name, Name.root), type));
        } catch (TextParseException e) {
            return CompletableFuture.failedFuture(
                    new NoSuchDomainException(Name.root, type)); // no name, no such domain
        }
    }

    private CompletableFuture<List<Record>> ask(Question question) {
        var mine = new CompletableFuture<List<Record>>();
        var theirs = asked.putIfAbsent(question, mine);
        if (theirs != null) return theirs;
        // Dnsjava's own time-outs come first; this one is for what it forgets, and the question may be asked again.
        lookUp.ask(question.name(), question.type())
                .copy()
                .orTimeout(2 * patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((records, failure) -> {
                    asked.remove(question, mine); // first: whoever hears the answer may ask again at once
                    if (failure == null) mine.complete(records);
                    else mine.completeExceptionally(cause(failure));
                });
        return mine;
    }

    private static CompletableFuture<List<Record>> ask(LookupSession session, Name name, int type) {
        try {
            return session.lookupAsync(name, type)
                    .thenApply(LookupResult::getRecords)
                    .toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e); // whoever asks the same meanwhile must hear of it, too
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static String words(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
