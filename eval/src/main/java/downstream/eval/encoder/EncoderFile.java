package downstream.eval.encoder;

/** An encoder on disk or in memory. */
public final class EncoderFile {}
