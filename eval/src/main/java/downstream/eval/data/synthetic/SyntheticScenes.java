package downstream.eval.data.synthetic;

import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.image.Image;
import downstream.eval.data.image.LabelMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes generated scene sets: {@code train} and {@code val}, each with {@code images}, {@code
 * masks} and {@code instances.json} (COCO), and a {@code data.yaml} that serves detection and
 * segmentation. The same settings give the same bytes on every machine.
 *
 * @param images scenes to train on
 * @param val scenes to score on
 * @param size pixels along each side
 */
public record SyntheticScenes(int images, int val, int size, long seed) {
  /** Version of the generator, raised whenever a byte of its output changes. */
  private static final String VERSION = "scenes 1";

  private static final int SMALLEST = 32;
  private static final int LARGEST = 2048;

  public SyntheticScenes {
    if (images < 1 || val < 1) {
      throw new BadInput(
          "scenes",
          images + " training and " + val + " evaluation images",
          "Give at least 1 of each");
    }
    if (size < SMALLEST || size > LARGEST) {
      throw new BadInput(
          "scenes",
          "an image size of " + size,
          "Choose a size from " + SMALLEST + " to " + LARGEST);
    }
  }

  /**
   * Writes the set; does nothing if it is there already, and finishes one that was broken off.
   *
   * @return the data YAML, written last
   * @throws BadInput if the folder holds anything else, or cannot be written
   */
  public Path write(Path out) {
    Path marker = out.resolve("scenes.json");
    Path yaml = out.resolve("data.yaml");
    refuseForeign(out, marker);
    if (Files.exists(yaml)) {
      return yaml;
    }
    AtomicFile.write(marker, settings());
    writeSplit(out.resolve("train"), images);
    writeSplit(out.resolve("val"), val);
    AtomicFile.write(yaml, yaml().getBytes(StandardCharsets.UTF_8));
    return yaml;
  }

  private byte[] settings() {
    return Json.pretty(
        Map.of("version", VERSION, "images", images, "val", val, "size", size, "seed", seed));
  }

  private void refuseForeign(Path out, Path marker) {
    try {
      if (!Files.exists(out)) {
        return;
      }
      boolean ours =
          Files.exists(marker) && java.util.Arrays.equals(Files.readAllBytes(marker), settings());
      try (Stream<Path> content = Files.list(out)) {
        if (!ours && content.findAny().isPresent()) {
          throw new BadInput(
              out,
              "is not empty, and was written with other options or by something else",
              "Give an empty folder, or delete this one");
        }
      }
    } catch (IOException e) {
      throw BadInput.unreadable(out, e);
    }
  }

  private String yaml() {
    String source = ": [{format: coco, images: %1$s/images, annotations: %1$s/instances.json, ";
    String line = source + "masks: %1$s/masks}]\n";
    return "name: scenes\nclasses: [background, "
        + String.join(", ", ShapeClass.labels())
        + "]\ntrain"
        + line.replace("%1$s", "train")
        + "val"
        + line.replace("%1$s", "val");
  }

  private void writeSplit(Path folder, int count) {
    List<Labelled> scenes;
    try {
      Files.createDirectories(folder.resolve("images"));
      Files.createDirectories(folder.resolve("masks"));
      scenes =
          IntStream.range(0, count)
              .parallel()
              .mapToObj(index -> writeScene(folder, index))
              .toList();
    } catch (IOException | UncheckedIOException e) {
      String fix = "Check that the folder is writable and the disk has room";
      throw new BadInput(folder, "cannot be written (" + e + ")", fix, e);
    }
    byte[] coco = Json.canonical(coco(scenes)).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(folder.resolve("instances.json"), coco);
  }

  /** A scene's annotations, without the id that its place among all will give them. */
  private record Labelled(String fileName, List<Map<String, Object>> annotations) {}

  private Labelled writeScene(Path folder, int index) {
    Scene scene = Scene.random(SplitMix64.of(seed, folder.getFileName().toString(), index), size);
    String name = String.format(java.util.Locale.ROOT, "%06d.png", index + 1);
    Image image = scene.image();
    LabelMap labels = scene.labels();
    try {
      Files.write(folder.resolve("images").resolve(name), image.storedPng());
      Files.write(folder.resolve("masks").resolve(name), labels.storedPng());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Map<String, Object>> annotations = new ArrayList<>();
    for (int i = 0; i < scene.objects().size(); i++) {
      annotations.add(annotation(scene.objects().get(i).kind(), scene.mask(i)));
    }
    return new Labelled(name, annotations);
  }

  private Map<String, Object> annotation(ShapeClass kind, boolean[] mask) {
    int left = size;
    int top = size;
    int right = 0;
    int bottom = 0;
    int area = 0;
    for (int i = 0; i < mask.length; i++) {
      if (mask[i]) {
        left = Math.min(left, i % size);
        right = Math.max(right, i % size + 1);
        top = Math.min(top, i / size);
        bottom = Math.max(bottom, i / size + 1);
        area++;
      }
    }
    return Map.of(
        "category_id", kind.value(),
        "bbox", List.of(left, top, right - left, bottom - top),
        "area", area,
        "iscrowd", 0,
        "segmentation", Outline.of(mask, size));
  }

  private Map<String, Object> coco(List<Labelled> scenes) {
    List<Object> images = new ArrayList<>();
    List<Object> annotations = new ArrayList<>();
    for (int i = 0; i < scenes.size(); i++) {
      String name = scenes.get(i).fileName();
      images.add(Map.of("id", i + 1, "file_name", name, "width", size, "height", size));
      for (Map<String, Object> annotation : scenes.get(i).annotations()) {
        Map<String, Object> numbered = new java.util.TreeMap<>(annotation);
        numbered.put("id", annotations.size() + 1);
        numbered.put("image_id", i + 1);
        annotations.add(numbered);
      }
    }
    List<Object> categories = new ArrayList<>();
    for (ShapeClass kind : ShapeClass.values()) {
      categories.add(Map.of("id", kind.value(), "name", kind.label(), "supercategory", "thing"));
    }
    return Map.of("images", images, "annotations", annotations, "categories", categories);
  }
}
