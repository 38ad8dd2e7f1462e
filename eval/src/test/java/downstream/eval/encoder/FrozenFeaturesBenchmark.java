package downstream.eval.encoder;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import downstream.eval.Device;
import downstream.eval.Json;
import downstream.eval.data.Image;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Images per second from JPEG files to cached features, against a bare ONNX Runtime loop over
 * tensors that are ready. Both use the same session options and batch; they take turns, so that a
 * machine that is busy with other things slows both. docs/performance.md has the command.
 */
final class FrozenFeaturesBenchmark {
  private static final List<Double> MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> STD = List.of(0.229, 0.224, 0.225);
  private static final int ROUNDS = 5;

  private final EncoderFile file;
  private final int threads;
  private final List<Path> pictures;
  private final Path folder;

  private FrozenFeaturesBenchmark(EncoderFile file, int threads, List<Path> pictures, Path folder) {
    this.file = file;
    this.threads = threads;
    this.pictures = pictures;
    this.folder = folder;
  }

  /** Arguments: an encoder file (default: a ViT-S/16 at 224 px), number of images, threads. */
  public static void main(String[] arguments) throws IOException, OrtException {
    EncoderFile file =
        arguments.length > 0
            ? EncoderFile.read(Path.of(arguments[0]))
            : new VisionTransformer(224, 16, 384, 12, 6, 4)
                .build("vit-s16", 0, MEAN, STD, Json.MAPPER.createObjectNode());
    int images = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 96;
    int threads =
        arguments.length > 2
            ? Integer.parseInt(arguments[2])
            : Runtime.getRuntime().availableProcessors();
    Path folder = Files.createTempDirectory("frozen-features");
    try {
      List<Path> pictures = pictures(folder, images);
      new FrozenFeaturesBenchmark(file, threads, pictures, folder).run();
    } finally {
      delete(folder);
    }
  }

  private void run() throws OrtException {
    List<FeatureLevel> levels = file.spec().levels();
    List<FeatureLevel> last = List.of(levels.get(levels.size() - 1));
    List<Double> bare = new ArrayList<>();
    List<Double> endToEnd = new ArrayList<>();
    try (FrozenBackbone backbone = new FrozenBackbone(file, last, folder, threads, Device.CPU);
        OrtSession.SessionOptions options = OnnxEncoder.options(threads, -1);
        OrtSession session =
            OrtEnvironment.getEnvironment()
                .createSession(
                    OnnxEncoder.withOutputs(file.model(), List.of(last.get(0).value()))
                        .toByteArray(),
                    options)) {
      for (int round = -1; round < ROUNDS; round++) {
        double loop = bareLoop(session, backbone.batch(), last.get(0).value());
        double cached = toCache(backbone, round);
        if (round >= 0) {
          bare.add(loop);
          endToEnd.add(cached);
          System.out.printf(
              Locale.ROOT,
              "round %d  bare loop %.2f images/s  files to cache %.2f images/s  ratio %.3f%n",
              round + 1,
              loop,
              cached,
              cached / loop);
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%s, %d images, batch %d, %d threads: bare loop %.2f images/s, files to cache %.2f images/s,"
              + " ratio of medians %.3f%n",
          file.name(),
          pictures.size(),
          backbone.batch(),
          threads,
          median(bare),
          median(endToEnd),
          median(endToEnd) / median(bare));
    }
  }

  private double bareLoop(OrtSession session, int batch, String fetch) throws OrtException {
    int side = file.spec().imageSize();
    FloatBuffer pixels =
        ByteBuffer.allocateDirect(4 * 3 * side * side * batch)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int i = 0; i < batch; i++) {
      pixels.put(i * 3 * side * side, pixels(pictures.get(i % pictures.size())));
    }
    long began = System.nanoTime();
    try (OnnxTensor tensor =
        OnnxTensor.createTensor(
            OrtEnvironment.getEnvironment(), pixels, new long[] {batch, 3, side, side})) {
      int done = 0;
      for (; done < pictures.size(); done += batch) {
        session.run(Map.of(file.spec().input(), tensor), java.util.Set.of(fetch)).close();
      }
      return done / ((System.nanoTime() - began) * 1e-9);
    }
  }

  /** Under a name of its own, so that nothing is cached yet. */
  private double toCache(FrozenBackbone backbone, int round) {
    long began = System.nanoTime();
    backbone.inputs(new Pictures("round " + round));
    return pictures.size() / ((System.nanoTime() - began) * 1e-9);
  }

  private final class Pictures implements Views {
    private final String name;

    Pictures(String name) {
      this.name = name;
    }

    @Override
    public String fingerprint() {
      return name;
    }

    @Override
    public int size() {
      return pictures.size();
    }

    @Override
    public float[] pixels(int index) {
      return FrozenFeaturesBenchmark.this.pixels(pictures.get(index));
    }
  }

  /** As the tasks prepare a picture: fitted, padded, normalised. */
  private float[] pixels(Path picture) {
    int side = file.spec().imageSize();
    Image image = Image.read(picture);
    int longest = Math.max(image.width(), image.height());
    return image
        .resize(image.width() * side / longest, image.height() * side / longest)
        .crop(0, 0, side, side)
        .planes(file.spec().mean(), file.spec().std());
  }

  /** JPEG files of 500 × 375 pixels: random colours at several scales, about 60 kB each. */
  private static List<Path> pictures(Path folder, int count) throws IOException {
    List<Path> files = new ArrayList<>();
    Random random = new Random(0);
    for (int i = 0; i < count; i++) {
      BufferedImage sum = new BufferedImage(500, 375, BufferedImage.TYPE_INT_RGB);
      for (int cells : new int[] {8, 32, 128}) {
        byte[] noise = new byte[cells * cells * 3];
        random.nextBytes(noise);
        var graphics = sum.createGraphics();
        graphics.setComposite(
            java.awt.AlphaComposite.getInstance(java.awt.AlphaComposite.SRC_OVER, 0.5f));
        graphics.drawImage(
            Image.of(cells, cells, noise).resizeCubic(500, 375).toBuffered(), 0, 0, null);
        graphics.dispose();
      }
      Path file = folder.resolve(i + ".jpg");
      ImageIO.write(sum, "jpg", file.toFile());
      files.add(file);
    }
    return files;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
