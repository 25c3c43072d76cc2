package io.postmesh.ingress.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;

/// A client may close its sending side after its last word and read on (RFC 9293 §3.6). Vert.x has no word for it: by
/// itself it closes the whole socket, and a reply on its way is lost. Here the end of input becomes an empty buffer,
/// behind everything that was sent before it, also while the socket is paused.
final class HalfClose extends ChannelInboundHandlerAdapter {
    private HalfClose() {}

    static void allow(NetSocket socket) {
        var vertx = ((NetSocketInternal) socket).channelHandlerContext();
        vertx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        vertx.pipeline().addBefore(vertx.name(), "half-close", new HalfClose());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) context.fireChannelRead(Unpooled.EMPTY_BUFFER);
        else context.fireUserEventTriggered(event);
    }
}
