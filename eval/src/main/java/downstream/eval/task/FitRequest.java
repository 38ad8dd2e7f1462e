package downstream.eval.task;

import downstream.eval.Device;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
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
    int determinismSteps) {}
