package downstream.eval.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.data.DataSet;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.image.CutOut;
import downstream.eval.data.image.Image;
import downstream.eval.data.image.LabelMap;
import downstream.eval.data.synthetic.ComposeSettings.CutOutShape;
import downstream.eval.data.synthetic.ComposeSettings.Edges;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ComposedScenesTest {
  private static final int RED = 0xFFE01010;
  private static final int BLUE = 0xFF1010E0;

  @TempDir Path folder;
  private Path objects;
  private Path backgrounds;

  @BeforeEach
  void files() throws IOException {
    objects = Files.createDirectories(folder.resolve("objects"));
    backgrounds = Files.createDirectories(folder.resolve("backgrounds"));
    for (int i = 0; i < 5; i++) {
      disc(objects.resolve("red/" + i + ".png"), RED + i);
      disc(objects.resolve("blue/" + i + ".png"), BLUE + (i << 8));
      Image.filled(50 + i, 40, 0x101010).writePng(backgrounds.resolve("dark" + i + ".png"));
    }
  }

  /** A disc of one colour on transparent green. */
  private static void disc(Path file, int colour) throws IOException {
    BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < 400; i++) {
      double x = i % 20 - 9.5;
      int row = i / 20;
      double y = row - 9.5;
      image.setRGB(i % 20, i / 20, x * x + y * y <= 100 ? colour : 0x0000FF00);
    }
    Files.createDirectories(file.resolveSibling(""));
    ImageIO.write(image, "png", file.toFile());
  }

  private static ComposeSettings settings(int images, long seed, CutOutShape shape, Edges edges) {
    return new ComposeSettings(images, 3, 48, seed, 2, 5, .2, .6, shape, edges, .3);
  }

  private Path compose(String out, ComposeSettings settings) {
    ComposedScenes.Sources sources = new ComposedScenes.Sources(objects, backgrounds, "");
    return ComposedScenes.of(settings, sources).write(folder.resolve(out));
  }

  private Path compose(String out, int images, long seed) {
    return compose(out, settings(images, seed, CutOutShape.ALPHA, Edges.MIXED));
  }

  @ParameterizedTest
  @EnumSource
  void boxes_polygons_and_masks_agree_on_what_can_be_seen(CutOutShape shape) {
    DataSet set = DataSets.open(compose("out", settings(20, 1, shape, Edges.MIXED)));
    ImageSet train = set.train();
    assertThat(train.categories().stream().map(Category::name)).containsExactly("blue", "red");
    assertThat(train.labels()).hasSize(3).startsWith(new Category(0, "background"));
    assertThat(train.warnings()).isEmpty();
    assertThat(train.images()).hasSize(20);
    Set<Long> seen = new HashSet<>();
    Set<Long> ids = new HashSet<>();
    for (ImageRecord image : train.images()) {
      assertThat(image.boxes()).hasSizeBetween(1, 5);
      LabelMap labels = LabelMap.read(image.labelMap().orElseThrow(), train.ignore());
      assertThat(labels).isEqualTo(union(image));
      image.boxes().forEach(box -> seen.add(box.category()));
      image.boxes().forEach(box -> ids.add(box.id()));
    }
    assertThat(seen).containsExactlyInAnyOrder(1L, 2L);
    assertThat(ids).hasSize(train.images().stream().mapToInt(i -> i.boxes().size()).sum());
  }

  private static LabelMap union(ImageRecord image) {
    byte[] values = new byte[image.width() * image.height()];
    for (Box box : image.boxes()) {
      List<List<Integer>> polygons = new ArrayList<>();
      for (JsonNode node : box.segmentation().orElseThrow()) {
        List<Integer> polygon = new ArrayList<>();
        node.forEach(value -> polygon.add(value.asInt()));
        polygons.add(polygon);
      }
      boolean[] mask = OutlineTest.fill(polygons, image.width(), image.height());
      int area = 0;
      for (int i = 0; i < mask.length; i++) {
        if (mask[i]) {
          assertThat((double) (i % image.width())).isBetween(box.x(), box.x() + box.width() - 1);
          assertThat(values[i]).as("visible parts do not overlap").isZero();
          values[i] = (byte) box.category();
          area++;
        }
      }
      assertThat(box.area()).isEqualTo(area);
    }
    return LabelMap.of(image.width(), image.height(), values);
  }

  /** Hard edges: every pixel is of one colour, which is that of its class. */
  @Test
  void masks_cover_the_pixels_of_their_objects_and_nothing_transparent() {
    for (ImageRecord record : hard()) {
      Image image = Image.read(record.file());
      LabelMap labels = LabelMap.read(record.labelMap().orElseThrow(), Set.of());
      for (int i = 0; i < 48 * 48; i++) {
        int colour = image.at(i % 48, i / 48);
        int expected = colour == 0x101010 ? 0 : (colour & 0xFF) > (colour >> 16) ? 1 : 2;
        assertThat(labels.at(i % 48, i / 48)).as(Integer.toHexString(colour)).isEqualTo(expected);
        assertThat(colour >> 8 & 0xFF).isLessThan(0x20);
      }
    }
  }

  private List<ImageRecord> hard() {
    Path yaml = compose("hard", settings(6, 4, CutOutShape.ALPHA, Edges.HARD));
    return DataSets.open(yaml).train().images();
  }

  @Test
  void soft_edges_mix_object_and_ground() {
    Path yaml = compose("soft", settings(6, 4, CutOutShape.ALPHA, Edges.SOFT));
    int mixed = 0;
    for (ImageRecord record : DataSets.open(yaml).train().images()) {
      Image image = Image.read(record.file());
      for (int i = 0; i < 48 * 48; i++) {
        int colour = image.at(i % 48, i / 48);
        int strongest = Math.max(colour >> 16, colour & 0xFF);
        mixed += strongest > 0x20 && strongest < 0xD0 ? 1 : 0;
      }
    }
    assertThat(mixed).isGreaterThan(100);
  }

  @Test
  void same_seed_gives_the_same_bytes_with_any_number_of_threads() throws Exception {
    compose("many", 8, 5);
    ForkJoinPool alone = new ForkJoinPool(1);
    try {
      alone.submit(() -> compose("one", 8, 5)).get();
    } finally {
      alone.shutdown();
    }
    compose("other", 8, 6);
    assertThat(digest(folder.resolve("one"))).isEqualTo(digest(folder.resolve("many")));
    assertThat(Files.readAllBytes(folder.resolve("other/train/images/000001.png")))
        .isNotEqualTo(Files.readAllBytes(folder.resolve("one/train/images/000001.png")));
    compose("more", 9, 5);
    assertThat(folder.resolve("more/train/images/000008.png"))
        .hasSameBinaryContentAs(folder.resolve("one/train/images/000008.png"));
  }

  private static String digest(Path root) throws IOException {
    Digest digest = new Digest();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
        digest.add(root.relativize(path).toString()).add(Digest.of(path));
      }
    }
    return digest.hex();
  }

  @Test
  void finishes_what_was_broken_off_and_refuses_a_folder_of_other_files() throws Exception {
    compose("out", 4, 5);
    String whole = digest(folder.resolve("out"));
    Files.delete(folder.resolve("out/data.yaml"));
    Files.write(folder.resolve("out/train/images/000002.png"), new byte[3]);
    compose("out", 4, 5);
    assertThat(digest(folder.resolve("out"))).isEqualTo(whole);
    disc(objects.resolve("red/new.png"), RED + 9);
    assertThatThrownBy(() -> compose("out", 4, 5))
        .hasMessageContaining("was written with other options or by something else");
  }

  @Test
  void files_of_training_and_evaluation_are_divided_by_their_bytes() throws IOException {
    for (int i = 0; i < 5; i++) {
      Files.copy(objects.resolve("red/" + i + ".png"), objects.resolve("red/copy" + i + ".png"));
    }
    SourceFiles files = SourceFiles.of("--objects", objects.resolve("red"), "", .3, 7);
    assertThat(files.train()).hasSize(3);
    assertThat(files.val()).hasSize(2);
    Set<String> digests = new HashSet<>();
    for (String split : List.of("train", "val")) {
      for (Path file : files.of(split)) {
        assertThat(digests.add(Digest.of(file))).isTrue();
      }
    }
    assertThat(SourceFiles.of("--objects", objects.resolve("red"), "", .01, 7).val()).hasSize(1);
    assertThat(SourceFiles.of("--objects", objects.resolve("red"), "", .99, 7).train()).hasSize(1);
  }

  @Test
  void folders_train_and_test_are_taken_as_they_are() throws IOException {
    Path parted = folder.resolve("parted");
    disc(parted.resolve("train/red/a.png"), RED);
    disc(parted.resolve("test/red/b.png"), RED + 1);
    SourceFiles files = SourceFiles.ofClass(parted, "red", .5, 0);
    assertThat(files.train()).containsExactly(parted.resolve("train/red/a.png"));
    assertThat(files.val()).containsExactly(parted.resolve("test/red/b.png"));
    disc(parted.resolve("test/red/c.png"), RED);
    assertThatThrownBy(() -> SourceFiles.ofClass(parted, "red", .5, 0))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("is the same image as")
        .hasMessageContaining("which is for evaluation. Delete one of the two");
    disc(parted.resolve("train/blue/d.png"), BLUE);
    objects = parted;
    Files.delete(parted.resolve("test/red/c.png"));
    assertThatThrownBy(() -> compose("out", 1, 0)).hasMessageContaining("no such file or folder");
  }

  @Test
  void mirrored_object_is_mirrored() {
    byte[] rgb = {(byte) 255, 0, 0, 0, 0, (byte) 255};
    CutOut two = CutOut.opaque(Image.of(2, 1, rgb));
    PastedShape whole = new PastedShape(0, 0);
    for (boolean mirrored : List.of(false, true)) {
      double[] canvas = new double[3 * 16];
      new PastedObject(two, 1, whole, mirrored, new int[] {0, 0, 4, 4}).paint(canvas, 4);
      assertThat(canvas[0]).isEqualTo(mirrored ? 0 : 255);
      assertThat(canvas[2]).isEqualTo(mirrored ? 255 : 0);
    }
  }

  @Test
  void files_that_cannot_be_used_are_named_with_a_fix() throws IOException {
    Path plain = objects.resolve("red/plain.png");
    Image.filled(9, 9, 0xFF0000).writePng(plain);
    refused(plain + ": has no alpha channel, which --cut-out alpha needs. Give a PNG");
    compose("rounded", settings(1, 0, CutOutShape.ROUNDED, Edges.HARD));
    ImageIO.write(new BufferedImage(9, 9, BufferedImage.TYPE_INT_ARGB), "png", plain.toFile());
    refused(plain + ": is transparent all over in its alpha channel");
    Files.writeString(plain, "no image");
    refused(plain + ": expected an image, found 'no image'");
    Files.delete(plain);
    Path lost = objects.resolve("lost.png");
    disc(lost, RED);
    refused(lost + ": is in no class folder. Move it into a folder of its class");
    Files.delete(lost);
    Path single = objects.resolve("single/a.png");
    disc(single, 0xFF808080);
    refused("holds 1 different images, which cannot be divided into training and evaluation");
    Files.delete(single);
    Path right = backgrounds;
    backgrounds = Files.createDirectories(folder.resolve("empty"));
    refused("--backgrounds " + backgrounds + ": holds 0 different images");
    backgrounds = right;
    objects = folder.resolve("empty");
    refused("--objects " + objects + ": holds 0 folders with images. Give a folder that has 1");
    objects = folder.resolve("nowhere");
    refused(objects + ": no such file or folder");
  }

  private void refused(String problem) {
    assertThatThrownBy(() -> compose("refused", 1, 0))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(problem);
  }

  @Test
  void settings_out_of_range_are_named() {
    refusedSettings("--images: must be at least 1, not 0", 0, 64, 2, 3, .2, .5);
    refusedSettings("--size: must be 32 to 2048, not 16", 1, 16, 2, 3, .5, .5);
    refusedSettings("--fewest-objects: must be 1 to 100, not 0", 1, 64, 0, 3, .2, .5);
    refusedSettings("--most-objects: must be --fewest-objects 4 to 100", 1, 64, 4, 3, .2, .5);
    refusedSettings("--min-scale: must be at least 6 of 64 pixels", 1, 64, 2, 3, .05, .5);
    refusedSettings("--max-scale: must be --min-scale 0.4 to 1, not 0.2", 1, 64, 2, 3, .4, .2);
  }

  private static void refusedSettings(
      String problem, int images, int size, int fewest, int most, double min, double max) {
    assertThatThrownBy(
            () ->
                new ComposeSettings(
                    images, 1, size, 0, fewest, most, min, max, CutOutShape.ALPHA, Edges.HARD, .2))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(problem);
  }
}
