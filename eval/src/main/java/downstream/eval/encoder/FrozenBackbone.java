package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import downstream.eval.Digest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A backbone that is not trained: ONNX Runtime computes each image's features once, then they come
 * from disk.
 */
final class FrozenBackbone implements Backbone {
  private final EncoderFile file;
  private final OnnxEncoder encoder;
  private final FeatureCache cache;
  private final String key;

  FrozenBackbone(EncoderFile file, Path folder) {
    this.file = file;
    encoder = new OnnxEncoder(file, names(), Runtime.getRuntime().availableProcessors());
    cache = new FeatureCache(folder);
    key = new Digest().add(file.digest()).add(names().toString()).add(OnnxEncoder.RUNTIME).hex();
  }

  private List<String> names() {
    return file.spec().levels().stream().map(FeatureLevel::value).toList();
  }

  @Override
  public EncoderSpec spec() {
    return file.spec();
  }

  @Override
  public Optional<Block> block() {
    return Optional.empty();
  }

  @Override
  public List<NDArray> features(ParameterStore store, NDArray images, boolean training) {
    long[] shape = images.getShape().getShape();
    float[] pixels = images.toFloatArray();
    int batch = Math.toIntExact(shape[0]);
    int each = pixels.length / batch;
    List<float[][]> found = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      float[] image = Arrays.copyOfRange(pixels, i * each, (i + 1) * each);
      found.add(cache.get(key(image), lengths(), () -> compute(image, shape)));
    }
    List<NDArray> maps = new ArrayList<>();
    for (int level = 0; level < levels().size(); level++) {
      maps.add(stack(images, found, level));
    }
    return maps;
  }

  private String key(float[] image) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * image.length);
    bytes.asFloatBuffer().put(image);
    return new Digest().add(key).add(bytes.array()).hex();
  }

  private int[] lengths() {
    return levels().stream()
        .mapToInt(level -> level.channels() * side(level) * side(level))
        .toArray();
  }

  private int side(FeatureLevel level) {
    return spec().imageSize() / level.stride();
  }

  private float[][] compute(float[] image, long[] shape) {
    long[] single = shape.clone();
    single[0] = 1;
    Map<String, OnnxEncoder.Value> values = encoder.run(image, single, names());
    return names().stream()
        .map(name -> Objects.requireNonNull(values.get(name)).data())
        .toArray(float[][]::new);
  }

  /** One level's values of every image as a map [N, C, S/stride, S/stride]. */
  private NDArray stack(NDArray images, List<float[][]> found, int index) {
    FeatureLevel level = levels().get(index);
    int side = side(level);
    float[] all = new float[found.size() * found.get(0)[index].length];
    for (int i = 0; i < found.size(); i++) {
      float[] one = found.get(i)[index];
      System.arraycopy(one, 0, all, i * one.length, one.length);
    }
    boolean tokens = level.layout() == FeatureLevel.Layout.TOKENS;
    Shape shape =
        tokens
            ? new Shape(found.size(), (long) side * side, level.channels())
            : new Shape(found.size(), level.channels(), side, side);
    NDArray array = images.getManager().create(all, shape);
    return tokens
        ? array.transpose(0, 2, 1).reshape(found.size(), level.channels(), side, side)
        : array;
  }

  @Override
  public void close() {
    encoder.close();
  }
}
