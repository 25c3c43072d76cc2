package io.postmesh.runtime.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;

/// The one place where addresses leave a line, whatever its shape: the encoder behind it sees none.
public final class MaskingEncoder extends EncoderBase<ILoggingEvent> {
    private final Encoder<ILoggingEvent> shape;
    private final Addresses addresses;

    public MaskingEncoder(Encoder<ILoggingEvent> shape, AddressFilter filter) {
        this.shape = shape;
        this.addresses = new Addresses(filter::masked);
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        return shape.encode(new MaskedEvent(event, addresses));
    }

    @Override
    public byte[] headerBytes() {
        return shape.headerBytes();
    }

    @Override
    public byte[] footerBytes() {
        return shape.footerBytes();
    }

    @Override
    public void stop() {
        shape.stop();
        super.stop();
    }
}
