package io.postmesh.local;

import io.postmesh.runtime.settings.HostPort;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.StartTLSOptions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// Hands a composed mail to a Postmesh over SMTP.
final class Submission {
    private static final int SECONDS = 60;
    private static final Pattern MAIL_ID = Pattern.compile("\\b[0-7][0-9A-HJKMNP-TV-Z]{25}\\b"); // a ULID

    private Submission() {}

    /// @param mailId empty when the server is no Postmesh
    /// @param reply  to the final dot
    record Receipt(String mailId, String reply) {}

    /// Returns when the server has taken the mail.
    ///
    /// @throws NotSent when it has not
    static Receipt send(Vertx vertx, HostPort server, MailMessage mail) throws NotSent, InterruptedException {
        var tap = new ReplyTap(vertx, server);
        try {
            NetServer wire =
                    tap.listen().toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
            var client = MailClient.create(vertx, config(wire.actualPort()));
            try {
                client.sendMail(mail).toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
            } finally {
                client.close();
                wire.close();
            }
            var reply = tap.afterDot().orElse("");
            var id = MAIL_ID.matcher(reply);
            return new Receipt(id.find() ? id.group() : "", reply);
        } catch (ExecutionException e) {
            throw new NotSent(why(tap, server, e.getCause() == null ? e : e.getCause()));
        } catch (TimeoutException e) {
            throw new NotSent("no answer from " + server + " in " + SECONDS + " s");
        }
    }

    private static String why(ReplyTap tap, HostPort server, Throwable problem) {
        if (problem instanceof IllegalArgumentException) return String.valueOf(problem.getMessage());
        if (tap.refusal().isPresent()) return server + " said: " + tap.refusal().get();
        if (tap.heardNothing() && tap.reached())
            return server + " took the connection and said nothing: " + problem.getMessage();
        if (tap.heardNothing())
            return "nobody answers SMTP on " + server + "; is './postmesh dev' running? --server names another address";
        return "the conversation with " + server + " ended early: " + problem.getMessage();
    }

    private static MailConfig config(int port) {
        return new MailConfig()
                .setHostname("127.0.0.1")
                .setPort(port)
                .setStarttls(StartTLSOptions.DISABLED) // the front door has no TLS yet
                .setOwnHostname("postmesh-send.localhost")
                .setKeepAlive(false)
                .setAllowRcptErrors(false)
                .setMaxPoolSize(1);
    }
}
