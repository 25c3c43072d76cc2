package io.postmesh.local;

import io.postmesh.ingress.NoSenderRule;
import io.postmesh.mail.Domain;
import io.postmesh.runtime.kafka.BadTopics;
import io.postmesh.runtime.life.ServiceRun;
import io.postmesh.runtime.settings.BadSettings;
import io.postmesh.runtime.settings.HostPort;
import io.postmesh.runtime.settings.Settings;
import io.vertx.ext.mail.MailMessage;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The whole mesh with a receiving sink, to try it out and to develop against. Nothing can leave the machine.
@Command(
        name = "dev",
        mixinStandardHelpOptions = true,
        description = "The whole mesh with a sink that receives for every domain. Nothing leaves this machine.",
        exitCodeOnInvalidInput = Main.USAGE)
final class DevCommand implements Callable<Integer> {
    private static final Duration STOP = Duration.ofMillis(4_500); // Ctrl-C ends it in 5 s

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SettingOptions options = new SettingOptions();

    @Override
    public Integer call() throws Exception {
        return Life.lead("dev", STOP, this::live);
    }

    private int live(Life life) throws IOException, BadSettings, BadTopics, NoSenderRule, InterruptedException {
        var out = Objects.requireNonNull(spec.commandLine()).getOut();
        var asked = Settings.load(options.flags(), System.getenv());
        var data = life.open(DataHome.open(asked, DataHome.Purpose.DEV));
        var playground = life.open(Playground.open(data));
        var config = NodeConfig.from(playground.settings(options.flags(), System.getenv(), data), data.path());
        life.log(config.ground().log(), "postmesh");
        sayMoved(
                out,
                Listen.SMTP,
                asked.hostPort(Listen.SMTP, "127.0.0.1:2525"),
                config.ingress().listen());
        sayMoved(
                out,
                Listen.HTTP,
                asked.hostPort(Listen.HTTP, NodeConfig.HTTP),
                config.ground().http());
        var node = Node.start(life.open(ServiceRun.named("postmesh")), config, data);
        life.open(Stories.tell(node.platform(), out));
        var sender = Playground.sender(asked);
        out.print(Banner.of(node.smtp(), node.http(), playground.inbox(), sender, config));
        out.flush();
        welcome(life, node, sender, out);
        return life.await(node.died());
    }

    private static void sayMoved(PrintWriter out, String name, HostPort asked, HostPort got) {
        if (asked.port() == 0 || asked.equals(got)) return;
        out.println(asked + " is taken, so " + name + " is " + got + " this time.");
    }

    // By the same way as any mail: through the door.
    private static void welcome(Life life, Node node, Domain sender, PrintWriter out) throws InterruptedException {
        var mail = new MailMessage()
                .setFrom("Postmesh <welcome@" + sender.name() + ">")
                .setTo("you@example.com")
                .setSubject("Welcome to Postmesh")
                .setText("This mail went in by SMTP, through policy and the signer, and out by SMTP to the sink.\n"
                        + "Its DKIM-Signature fields are those of " + sender.name() + ".\n");
        try {
            var _ = Submission.send(node.platform().vertx(), node.smtp(), mail);
        } catch (NotSent refused) {
            if (life.isStopping()) return;
            out.println("The welcome mail was not taken: " + refused.getMessage());
            out.flush();
        }
    }
}
