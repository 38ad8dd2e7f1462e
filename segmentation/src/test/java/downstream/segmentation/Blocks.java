package downstream.segmentation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.image.Image;
import downstream.eval.data.image.LabelMap;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.task.FitRequest;
import downstream.eval.task.Protocol;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Small images of coloured blocks whose label follows from the colour: a set anyone can learn. */
final class Blocks {
  static final List<Double> MEAN = List.of(0.5, 0.5, 0.5);
  private static final int[] COLOURS = {0x303030, 0xd02020, 0x2060d0};

  private Blocks() {}

  /** Writes {@code count} images of 48×32 pixels with three classes into {@code folder}. */
  static ImageSet write(Path folder, int count, long seed) {
    List<ImageRecord> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      LabelMap labels = labels(new SplittableRandom(seed + i));
      Path image = folder.resolve("p" + i + ".png");
      Path labelMap = folder.resolve("labels/p" + i + ".png");
      paint(labels).writePng(image);
      labels.writePng(labelMap);
      images.add(
          new ImageRecord(
              i + 1, "p" + i + ".png", image, 48, 32, List.of(), Optional.of(labelMap)));
    }
    return set(images);
  }

  static ImageSet set(List<ImageRecord> images) {
    List<Category> classes =
        List.of(new Category(0, "ground"), new Category(1, "red"), new Category(2, "blue"));
    return new ImageSet("blocks", List.of(), classes, images, Set.of(), "blocks", List.of());
  }

  private static LabelMap labels(SplittableRandom random) {
    byte[] values = new byte[48 * 32];
    for (int block = 0; block < 4; block++) {
      int left = random.nextInt(4) * 8;
      int top = random.nextInt(3) * 8;
      for (int y = top; y < top + 16 && y < 32; y++) {
        Arrays.fill(values, y * 48 + left, y * 48 + left + 16, (byte) (1 + block % 2));
      }
    }
    Arrays.fill(values, 0, 48, (byte) LabelMap.IGNORE);
    return LabelMap.of(48, 32, values);
  }

  /** The ignored row looks like ground. */
  private static Image paint(LabelMap labels) {
    byte[] rgb = new byte[3 * labels.values().length];
    for (int i = 0; i < labels.values().length; i++) {
      int label = labels.values()[i] & 0xff;
      int colour = COLOURS[label == LabelMap.IGNORE ? 0 : label];
      rgb[3 * i] = (byte) (colour >> 16);
      rgb[3 * i + 1] = (byte) (colour >> 8);
      rgb[3 * i + 2] = (byte) colour;
    }
    return Image.of(labels.width(), labels.height(), rgb);
  }

  /** A random-init encoder for images of 48 pixels. */
  static EncoderFile encoder() {
    List<Double> std = List.of(0.25, 0.25, 0.25);
    return VisionTransformer.build(
        new VitArchitecture(48, 8, 32, 2, 2, 2),
        "tiny",
        1,
        MEAN,
        std,
        Json.MAPPER.createObjectNode());
  }

  /** The bundled smoke protocol, these fields (YAML) changed. */
  static Protocol protocol(String changes) {
    ObjectNode smoke = (ObjectNode) Json.parseYaml("smoke", resource("smoke"));
    ObjectNode sized = (ObjectNode) Json.parseYaml("test", "{data: {imageSize: 48}}");
    ObjectNode changed = (ObjectNode) Json.parseYaml("test", "{" + changes + "}");
    ObjectNode fields = Json.over(Json.over(smoke, sized), changed);
    return new Protocol("segmentation", "1", "test", fields);
  }

  static String resource(String protocol) {
    String name = "/protocols/segmentation/" + protocol + ".yaml";
    try (var in = Blocks.class.getResourceAsStream(name)) {
      return new String(
          java.util.Objects.requireNonNull(in, name).readAllBytes(),
          java.nio.charset.StandardCharsets.UTF_8);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static FitRequest fit(Protocol protocol, ImageSet train, Path folder) {
    return new FitRequest(
        encoder(),
        protocol,
        train,
        3,
        folder.resolve("fit"),
        folder.resolve("features"),
        2,
        downstream.eval.Device.CPU,
        0);
  }
}
