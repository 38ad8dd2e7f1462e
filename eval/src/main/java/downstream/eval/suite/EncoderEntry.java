package downstream.eval.suite;

import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * An encoder of a suite: a file, or what pretraining makes.
 *
 * @param file an ONNX file
 * @param pretrain the method
 * @param images names of the suite's data sets, or sources as {@code pretrain --images} takes them
 * @param preset as {@code pretrain --preset}
 * @param set as {@code pretrain --set}: key=value
 * @param budget as {@code pretrain --budget}
 * @param init an encoder of the suite to start from, as {@code pretrain --init}; of one with
 *     several seeds, the copy of the same seed
 * @param stage1 an encoder of the suite in place of stage 1, likewise
 * @param seeds how many are pretrained; more than one are called NAME-0, NAME-1, …
 */
record EncoderEntry(
    @Nullable String file,
    @Nullable String pretrain,
    List<String> images,
    @Nullable String preset,
    List<String> set,
    @Nullable String budget,
    @Nullable String init,
    @Nullable String stage1,
    @Nullable Integer seeds,
    @Nullable Long firstSeed) {
  EncoderEntry {
    images = images == null ? List.of() : List.copyOf(images);
    set = set == null ? List.of() : List.copyOf(set);
    if ((file == null) == (pretrain == null)) {
      throw new IllegalArgumentException("expected either 'file' or 'pretrain'");
    }
    if (pretrain != null && images.isEmpty()) {
      throw new IllegalArgumentException("images: expected at least one source, found none");
    }
    if (seeds != null && seeds < 1) {
      throw new IllegalArgumentException("seeds: expected at least 1, found " + seeds);
    }
  }

  /** The seeds that are pretrained with; one of 0 by default. */
  List<Long> seedList() {
    long first = firstSeed == null ? 0 : firstSeed;
    int count = seeds == null ? 1 : seeds;
    return LongStream.range(first, first + count).boxed().toList();
  }
}
