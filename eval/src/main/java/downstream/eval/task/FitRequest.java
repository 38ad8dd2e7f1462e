package downstream.eval.task;

import downstream.eval.Device;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.train.Trace;
import downstream.eval.train.TrainingOptions;
import java.nio.file.Path;

/**
 * One training of one encoder under one protocol.
 *
 * @param train already reduced to the protocol's label fraction
 * @param seed of head initialisation, data order and augmentation
 * @param folder holds checkpoint and {@code log.jsonl}; belongs to this fit alone
 * @param features cache of frozen features, shared between runs
 * @param threads loader threads
 * @param device that encoder and head run on
 * @param determinismSteps how many of the first steps are done twice, for the determinism report
 * @param trace of the training's time
 */
public record FitRequest(
    EncoderFile encoder,
    Protocol protocol,
    ImageSet train,
    long seed,
    Path folder,
    Path features,
    int threads,
    Device device,
    int determinismSteps,
    Trace trace) {
  /** A request without a trace. */
  public FitRequest(
      EncoderFile encoder,
      Protocol protocol,
      ImageSet train,
      long seed,
      Path folder,
      Path features,
      int threads,
      Device device,
      int determinismSteps) {
    this(
        encoder,
        protocol,
        train,
        seed,
        folder,
        features,
        threads,
        device,
        determinismSteps,
        Trace.OFF);
  }

  /** Returns the same request on another device. */
  public FitRequest on(Device other) {
    return new FitRequest(
        encoder, protocol, train, seed, folder, features, threads, other, determinismSteps, trace);
  }

  /** Returns the options of its training. */
  public TrainingOptions trainingOptions() {
    return TrainingOptions.DEFAULTS.checkingDeterminism(determinismSteps).tracing(trace);
  }
}
