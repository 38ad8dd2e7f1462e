package downstream.eval.run;

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
 */
public record Fit(
    EncoderFile encoder,
    Protocol protocol,
    ImageSet train,
    long seed,
    Path folder,
    Path features,
    int threads) {}
