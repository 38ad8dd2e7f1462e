package downstream.pretrain.mining.embedding;

import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.Digest;
import downstream.eval.data.image.Image;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.inspect.EncoderSummary;
import downstream.eval.encoder.runtime.OnnxEncoder;
import downstream.pretrain.settings.MiningSettings.ImageEmbedding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Embeds batches of images with the encoder in ONNX Runtime. Every run has one thread, callers are
 * the parallelism: so a batch's values do not depend on their number. Safe for use by several
 * threads.
 */
public final class RegionEmbedder implements AutoCloseable {
  /** Batch size; the last digits of an embedding may depend on it. */
  static final int BATCH = 32;

  private static final String LATENT = "latent";

  private final EncoderFile file;
  private final EncoderSpec spec;
  private final FeatureLevel level;
  private final ImageEmbedding embedding;
  private final List<String> fetches;
  private final OnnxEncoder encoder;

  /**
   * Opens the encoder.
   *
   * @throws BadInput if ONNX Runtime refuses it, or the class token is asked for and it has none
   */
  public RegionEmbedder(EncoderFile file, ImageEmbedding embedding, Device device) {
    this.file = file;
    spec = file.spec();
    level = spec.levels().get(spec.levels().size() - 1);
    this.embedding = embedding;
    Set<String> values = new LinkedHashSet<>(List.of(level.value()));
    if (embedding == ImageEmbedding.CLASS_TOKEN) {
      values.add(classTokenIn());
    }
    fetches = List.copyOf(values);
    encoder = new OnnxEncoder(file, fetches, 1, device);
  }

  /** The value whose first row is the class token. */
  private String classTokenIn() {
    if (spec.vit().filter(VitArchitecture::classToken).isPresent()) {
      return LATENT;
    }
    if (level.layout() == FeatureLevel.Layout.TOKENS && level.extraTokens() > 0) {
      return level.value();
    }
    throw new BadInput(
        file.name() + ".onnx",
        "has no class token, which imageEmbedding=class-token needs",
        "Set imageEmbedding to mean");
  }

  /** Side of its input in pixels. */
  int size() {
    return spec.imageSize();
  }

  /** Values of an embedding. */
  public int width() {
    return level.channels();
  }

  /** Floating-point operations of one image. */
  public long flops() {
    return EncoderSummary.flopsToLevels(file);
  }

  /** Digest of everything that decides the embeddings besides the images. */
  String digest() {
    return new Digest().add(file.digest()).add(encoder.runtime()).add("batch " + BATCH).hex();
  }

  /** Embeddings of images of the input's size: mean patch or class token, as set. */
  float[][] images(List<Image> images) {
    return embedding == ImageEmbedding.CLASS_TOKEN ? classTokens(images) : means(images);
  }

  /** The mean cell of each image. */
  float[][] means(List<Image> images) {
    return maps(images).stream().map(FeatureMap::mean).map(this::checked).toArray(float[][]::new);
  }

  /** The map of each image. */
  List<FeatureMap> maps(List<Image> images) {
    OnnxEncoder.Value value = run(images, level.value());
    List<FeatureMap> maps = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      maps.add(FeatureMap.of(level, value, i));
    }
    return maps;
  }

  private float[][] classTokens(List<Image> images) {
    OnnxEncoder.Value value = run(images, classTokenIn());
    int rows = Math.toIntExact(value.shape()[0]);
    int length = value.data().length / rows;
    float[][] tokens = new float[images.size()][];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = checked(Arrays.copyOfRange(value.data(), i * length, i * length + width()));
    }
    return tokens;
  }

  private OnnxEncoder.Value run(List<Image> images, String fetch) {
    int pixels = 3 * size() * size();
    int batch = encoder.fixedBatch().orElse(images.size());
    if (images.size() > batch) {
      throw new IllegalArgumentException(images.size() + " images in a batch of " + batch);
    }
    float[] input = new float[Math.multiplyExact(batch, pixels)];
    for (int i = 0; i < images.size(); i++) {
      float[] planes = images.get(i).planes(spec.mean(), spec.std());
      System.arraycopy(planes, 0, input, i * pixels, pixels);
    }
    long[] shape = {batch, 3, size(), size()};
    Map<String, OnnxEncoder.Value> values = encoder.run(input, shape, List.of(fetch));
    return Objects.requireNonNull(values.get(fetch));
  }

  /** Largest number of images at once. */
  int batch() {
    return encoder.fixedBatch().orElse(BATCH);
  }

  float[] checked(float[] embedding) {
    for (float value : embedding) {
      if (!Float.isFinite(value)) {
        throw new BadInput(
            file.name() + ".onnx",
            "gives embeddings that are not finite",
            "Run 'encoder verify' on it, and check the normalisation in its spec");
      }
    }
    return embedding;
  }

  @Override
  public void close() {
    encoder.close();
  }
}
