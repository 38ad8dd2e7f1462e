package downstream.eval.encoder.frozen;

import downstream.eval.BadInput;
import downstream.eval.Workers;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.ImageInputs;
import downstream.eval.encoder.runtime.OnnxEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The features of some views: computed once, in batches, and kept in a {@link FeatureCache}.
 *
 * <p>The views are divided into batches by their number, once and for all, and a batch is always
 * computed whole. So what a row holds does not depend on which rows were there already, on threads,
 * or on what is asked for first.
 */
final class FrozenFeatures implements AutoCloseable {
  private final OnnxEncoder encoder;
  private final EncoderSpec spec;
  private final List<FeatureLevel> levels;
  private final ImageInputs views;
  private final FeatureCache cache;
  private final int batch;
  private final ThreadLocal<FloatBuffer> pixels = ThreadLocal.withInitial(this::newBatch);

  FrozenFeatures(
      OnnxEncoder encoder,
      EncoderSpec spec,
      List<FeatureLevel> levels,
      ImageInputs views,
      FeatureCache cache,
      int batch) {
    this.encoder = encoder;
    this.spec = spec;
    this.levels = levels;
    this.views = views;
    this.cache = cache;
    this.batch = batch;
  }

  /**
   * Computes what is missing: each of {@code threads} reads the images of a batch, runs it and
   * stores its rows. Side by side they need not wait for each other, as threads that share one
   * operator must. Memory holds a batch a thread, whatever the number of views.
   *
   * @throws BadInput before it starts if the disk has no room for the features
   */
  void prepare(int threads) {
    List<Integer> starts = new ArrayList<>();
    int missing = 0;
    for (int start = 0; start < views.size(); start += batch) {
      int here = missing(start);
      missing += here;
      if (here > 0) {
        starts.add(start);
      }
    }
    if (missing == 0) {
      return;
    }
    cache.requireDiskSpace(missing);
    Workers.run("features", threads, starts.size(), batch, n -> compute(starts.get(n)));
  }

  /** Computes the features of a batch, unless another process has written them in the meantime. */
  private void compute(int start) {
    if (missing(start) > 0) {
      store(start, run(start));
    }
  }

  /** Loads the features of one view: the values of all levels, one after the other. */
  float[] load(int index) {
    return cache.read(index).orElseGet(() -> recomputed(index));
  }

  /** Recomputes a row that is damaged or was lost from the disk. */
  private synchronized float[] recomputed(int index) {
    int start = index / batch * batch;
    return store(start, run(start))[index - start];
  }

  private Map<String, OnnxEncoder.Value> run(int start) {
    int images = encoder.fixedBatch().isPresent() ? batch : count(start);
    int image = 3 * spec.imageSize() * spec.imageSize();
    FloatBuffer input = pixels.get().slice(0, images * image);
    for (int i = 0; i < count(start); i++) {
      input.put(i * image, views.pixels(start + i));
    }
    input.put(count(start) * image, new float[(images - count(start)) * image]);
    long[] shape = {images, 3, spec.imageSize(), spec.imageSize()};
    return encoder.run(input, shape, levels.stream().map(FeatureLevel::value).toList());
  }

  private FloatBuffer newBatch() {
    int values = Math.multiplyExact(batch, 3 * spec.imageSize() * spec.imageSize());
    return ByteBuffer.allocateDirect(Math.multiplyExact(4, values))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** Stores those rows of a batch that are not there whole; returns all of them. */
  private float[][] store(int start, Map<String, OnnxEncoder.Value> values) {
    float[][] rows = rows(values, encoder.fixedBatch().isPresent() ? batch : count(start));
    for (int i = 0; i < count(start); i++) {
      if (cache.read(start + i).isEmpty()) {
        cache.write(start + i, rows[i]);
      }
    }
    return rows;
  }

  private float[][] rows(Map<String, OnnxEncoder.Value> values, int count) {
    float[][] rows = new float[count][levels.stream().mapToInt(this::length).sum()];
    int at = 0;
    for (FeatureLevel level : levels) {
      OnnxEncoder.Value value = Objects.requireNonNull(values.get(level.value()));
      int length = length(level);
      if (value.data().length != count * length) {
        throw misdeclared(level, value);
      }
      for (int i = 0; i < count; i++) {
        System.arraycopy(value.data(), i * length, rows[i], at, length);
      }
      at += length;
    }
    return rows;
  }

  private int length(FeatureLevel level) {
    return level.length(spec.imageSize());
  }

  private BadInput misdeclared(FeatureLevel level, OnnxEncoder.Value value) {
    return new BadInput(
        "level '" + level.value() + "'",
        "is declared with "
            + length(level)
            + " values an image, but has the shape "
            + Arrays.toString(value.shape()),
        "Correct stride and channels in the encoder's spec");
  }

  private int missing(int start) {
    int missing = 0;
    for (int row = start; row < start + count(start); row++) {
      missing += cache.has(row) ? 0 : 1;
    }
    return missing;
  }

  private int count(int start) {
    return Math.min(batch, views.size() - start);
  }

  @Override
  public void close() {
    cache.close();
  }
}
