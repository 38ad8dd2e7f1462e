package downstream.eval.encoder.frozen;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.management.OperatingSystemMXBean;
import downstream.eval.Device;
import downstream.eval.FileTree;
import downstream.eval.Json;
import downstream.eval.Workers;
import downstream.eval.data.image.Image;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.ImageInputs;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.encoder.runtime.OnnxEncoder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;

/**
 * Images per second from JPEG files to cached features, against a bare ONNX Runtime loop over
 * tensors that are ready, with all threads in each run and with a thread a run. All use the same
 * batch; they take turns, so that a machine that is busy with other things slows all.
 * docs/evidence/performance.md has the command.
 */
final class FrozenFeaturesBenchmark {
  private static final List<Double> MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> STD = List.of(0.229, 0.224, 0.225);

  private final EncoderFile file;
  private final int threads;
  private final Device device;
  private final List<Path> imageFiles;
  private final Path folder;
  private final int rounds;

  private FrozenFeaturesBenchmark(
      EncoderFile file, int threads, Device device, int rounds, List<Path> images, Path folder) {
    this.file = file;
    this.threads = threads;
    this.device = device;
    this.rounds = rounds;
    this.imageFiles = images;
    this.folder = folder;
  }

  /**
   * Arguments: an encoder file ({@code -}, the default, is a ViT-S/16 at 224 px), number of images,
   * threads, device, rounds.
   */
  public static void main(String[] arguments) throws IOException, OrtException {
    EncoderFile file =
        arguments.length > 0 && !arguments[0].equals("-")
            ? EncoderFile.read(Path.of(arguments[0]))
            : VisionTransformer.build(
                new VitArchitecture(224, 16, 384, 12, 6, 4),
                "vit-s16",
                0,
                MEAN,
                STD,
                Json.MAPPER.createObjectNode());
    int images = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 96;
    int threads =
        arguments.length > 2
            ? Integer.parseInt(arguments[2])
            : Runtime.getRuntime().availableProcessors();
    // A GPU that cannot be used fails when the session is made.
    Device device =
        Device.choose(arguments.length > 3 ? arguments[3] : "cpu", gpu -> Optional.empty());
    int rounds = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 5;
    Path folder = Files.createTempDirectory("frozen-features");
    try {
      List<Path> imageFiles = imageFiles(folder, images);
      new FrozenFeaturesBenchmark(file, threads, device, rounds, imageFiles, folder).run();
    } finally {
      FileTree.delete(folder);
    }
  }

  private void run() throws OrtException {
    List<FeatureLevel> levels = file.spec().levels();
    List<FeatureLevel> last = List.of(levels.get(levels.size() - 1));
    String fetch = last.get(0).value();
    List<Round> all = new ArrayList<>();
    try (FrozenBackbone backbone = new FrozenBackbone(file, last, folder, threads, device);
        OrtSession shared = session(fetch, threads);
        OrtSession alone = session(fetch, 1)) {
      for (int i = -1; i < rounds; i++) {
        Speed loop = bareLoop(shared, 1, backbone.batch(), fetch);
        Speed loops = bareLoop(alone, threads, backbone.batch(), fetch);
        Round round = new Round(loop, loops, toCache(backbone, i));
        System.out.println(round);
        if (i >= 0) {
          all.add(round);
        }
      }
      print(backbone.batch(), all);
    }
  }

  private OrtSession session(String fetch, int threadsOfRun) throws OrtException {
    try (var options = OnnxEncoder.options(threadsOfRun, device.gpu().orElse(-1))) {
      byte[] model = OnnxEncoder.withOutputs(file.model(), List.of(fetch)).toByteArray();
      return OrtEnvironment.getEnvironment().createSession(model, options);
    }
  }

  /**
   * All three, one after the other.
   *
   * @param loop one bare loop, all threads in each run
   * @param loops a bare loop a thread, side by side
   */
  private record Round(Speed loop, Speed loops, Speed toCache) {
    @Override
    public String toString() {
      return "bare loop " + loop + "  a bare loop a thread " + loops + "  to cache " + toCache;
    }
  }

  private void print(int batch, List<Round> all) {
    System.out.printf(
        Locale.ROOT,
        "%s, %s, %d images, batch %d, %d threads: files to cache, medians of %d rounds:"
            + " of the bare loop's images/s %.3f, of its processor time %.3f;"
            + " of a bare loop a thread %.3f, %.3f%n",
        file.name(),
        device,
        imageFiles.size(),
        batch,
        threads,
        rounds,
        median(all, r -> r.toCache.imagesPerSecond() / r.loop.imagesPerSecond()),
        median(all, r -> r.toCache.processorMillis() / r.loop.processorMillis()),
        median(all, r -> r.toCache.imagesPerSecond() / r.loops.imagesPerSecond()),
        median(all, r -> r.toCache.processorMillis() / r.loops.processorMillis()));
  }

  /**
   * How fast something was.
   *
   * @param processorMillis of all threads, per image; other processes do not count
   */
  private record Speed(double imagesPerSecond, double processorMillis) {
    private static final OperatingSystemMXBean SYSTEM =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    static Speed of(int images, Runnable work) {
      long began = System.nanoTime();
      long spent = SYSTEM.getProcessCpuTime();
      work.run();
      double processor = SYSTEM.getProcessCpuTime() - spent;
      return new Speed(images / ((System.nanoTime() - began) * 1e-9), processor * 1e-6 / images);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%.2f images/s (%.1f ms of processor)", imagesPerSecond, processorMillis);
    }
  }

  /** So many loops at once, each over its share of the batches. */
  private Speed bareLoop(OrtSession session, int loops, int batch, String fetch)
      throws OrtException {
    int side = file.spec().imageSize();
    FloatBuffer pixels =
        ByteBuffer.allocateDirect(4 * 3 * side * side * batch)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int i = 0; i < batch; i++) {
      pixels.put(i * 3 * side * side, pixels(imageFiles.get(i % imageFiles.size())));
    }
    try (OnnxTensor tensor =
        OnnxTensor.createTensor(
            OrtEnvironment.getEnvironment(), pixels, new long[] {batch, 3, side, side})) {
      int runs = (imageFiles.size() + batch - 1) / batch;
      return Speed.of(
          runs * batch,
          () -> Workers.run("bare", loops, runs, batch, run -> runOnce(session, tensor, fetch)));
    }
  }

  private void runOnce(OrtSession session, OnnxTensor images, String fetch) {
    try {
      session.run(Map.of(file.spec().input(), images), Set.of(fetch)).close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Under a name of its own, so that nothing is cached yet. */
  private Speed toCache(FrozenBackbone backbone, int round) {
    return Speed.of(imageFiles.size(), () -> backbone.inputs(new TestInputs("round " + round)));
  }

  private final class TestInputs implements ImageInputs {
    private final String name;

    TestInputs(String name) {
      this.name = name;
    }

    @Override
    public String fingerprint() {
      return name;
    }

    @Override
    public int size() {
      return imageFiles.size();
    }

    @Override
    public float[] pixels(int index) {
      return FrozenFeaturesBenchmark.this.pixels(imageFiles.get(index));
    }
  }

  /** As the tasks prepare an image: fitted, padded, normalised. */
  private float[] pixels(Path imageFile) {
    int side = file.spec().imageSize();
    Image image = Image.read(imageFile);
    int longest = Math.max(image.width(), image.height());
    return image
        .resize(image.width() * side / longest, image.height() * side / longest)
        .crop(0, 0, side, side)
        .planes(file.spec().mean(), file.spec().std());
  }

  /** JPEG files of 500 × 375 pixels: random colours at several scales, about 60 kB each. */
  private static List<Path> imageFiles(Path folder, int count) throws IOException {
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
        graphics.drawImage(Image.of(cells, cells, noise).resize(500, 375).toBuffered(), 0, 0, null);
        graphics.dispose();
      }
      Path file = folder.resolve(i + ".jpg");
      ImageIO.write(sum, "jpg", file.toFile());
      files.add(file);
    }
    return files;
  }

  private static double median(List<Round> all, ToDoubleFunction<Round> ratio) {
    return all.stream().mapToDouble(ratio).sorted().toArray()[all.size() / 2];
  }
}
