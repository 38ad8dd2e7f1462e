package downstream.eval.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.data.DataSet;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.image.LabelMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticScenesTest {
  private static final SyntheticScenes SMALL = new SyntheticScenes(6, 2, 64, 5);

  @TempDir Path folder;

  /** A change of these bytes is a change of every score on scenes: give Scenes a new version. */
  @Test
  void the_bytes_are_those_of_every_other_machine() throws Exception {
    SMALL.write(folder);
    assertThat(digest(folder))
        .isEqualTo("830b63f42a49d934d1d2441d2da409660c25bc68db633f22fc5eaf9830fcae6d");
  }

  @Test
  void threads_do_not_matter_and_seeds_do() throws Exception {
    SMALL.write(folder.resolve("many"));
    try (var alone = new Closeable(new ForkJoinPool(1))) {
      alone.pool.submit(() -> SMALL.write(folder.resolve("one"))).get();
    }
    new SyntheticScenes(6, 2, 64, 6).write(folder.resolve("other"));
    assertThat(digest(folder.resolve("one"))).isEqualTo(digest(folder.resolve("many")));
    assertThat(Files.readAllBytes(folder.resolve("other/train/images/000001.png")))
        .isNotEqualTo(Files.readAllBytes(folder.resolve("one/train/images/000001.png")));
  }

  @Test
  void more_scenes_begin_with_the_same_ones() throws Exception {
    SMALL.write(folder.resolve("few"));
    new SyntheticScenes(7, 3, 64, 5).write(folder.resolve("more"));
    for (String file : List.of("train/images/000006.png", "val/masks/000002.png")) {
      assertThat(folder.resolve("more").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("few").resolve(file));
    }
  }

  @Test
  void one_yaml_serves_detection_and_segmentation() {
    DataSet set = DataSets.open(new SyntheticScenes(20, 2, 96, 1).write(folder));
    assertThat(set.train().categories().stream().map(Category::name))
        .containsExactlyElementsOf(ShapeClass.labels());
    assertThat(set.train().labels()).hasSize(7).startsWith(new Category(0, "background"));
    assertThat(set.train().warnings()).isEmpty();
    assertThat(set.train().images()).hasSize(20);
    Set<Long> seen = new HashSet<>();
    for (ImageRecord image : set.train().images()) {
      LabelMap labels = LabelMap.read(image.labelMap().orElseThrow(), set.train().ignore());
      assertThat(image.boxes().size()).isBetween(1, 12);
      assertThat(labels).isEqualTo(union(image));
      image.boxes().forEach(box -> seen.add(box.category()));
    }
    assertThat(seen).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L);
  }

  /** The label map that the polygons of an image's boxes make, each checked against its box. */
  private static LabelMap union(ImageRecord image) {
    byte[] values = new byte[image.width() * image.height()];
    for (Box box : image.boxes()) {
      boolean[] mask =
          OutlineTest.fill(
              polygons(box.segmentation().orElseThrow()), image.width(), image.height());
      int area = 0;
      for (int i = 0; i < mask.length; i++) {
        if (mask[i]) {
          int x = i % image.width();
          int y = i / image.width();
          assertThat((double) x).isBetween(box.x(), box.x() + box.width() - 1);
          assertThat((double) y).isBetween(box.y(), box.y() + box.height() - 1);
          assertThat(values[i]).as("visible parts do not overlap").isZero();
          values[i] = (byte) box.category();
          area++;
        }
      }
      assertThat(box.area()).isEqualTo(area);
    }
    return LabelMap.of(image.width(), image.height(), values);
  }

  private static List<List<Integer>> polygons(JsonNode segmentation) {
    List<List<Integer>> polygons = new ArrayList<>();
    for (JsonNode node : segmentation) {
      List<Integer> polygon = new ArrayList<>();
      node.forEach(value -> polygon.add(value.asInt()));
      polygons.add(polygon);
    }
    return polygons;
  }

  @Test
  void finishes_what_was_broken_off_and_leaves_a_finished_set_alone() throws Exception {
    SMALL.write(folder);
    String whole = digest(folder);
    Files.delete(folder.resolve("data.yaml"));
    Files.delete(folder.resolve("val/instances.json"));
    Files.write(folder.resolve("train/images/000002.png"), new byte[3]);
    SMALL.write(folder);
    assertThat(digest(folder)).isEqualTo(whole);
    var before = Files.getLastModifiedTime(folder.resolve("val/instances.json"));
    SMALL.write(folder);
    assertThat(Files.getLastModifiedTime(folder.resolve("val/instances.json"))).isEqualTo(before);
  }

  @Test
  void refuses_a_folder_that_holds_something_else() throws Exception {
    Files.writeString(folder.resolve("diary.txt"), "dear diary");
    assertThatThrownBy(() -> SMALL.write(folder))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(
            folder + ": is not empty, and was written with other options or by something else.");
    Path other = folder.resolve("other");
    SMALL.write(other);
    assertThatThrownBy(() -> new SyntheticScenes(6, 2, 64, 9).write(other))
        .hasMessageContaining(
            "is not empty, and was written with other options or by something else");
  }

  @Test
  void refuses_sizes_and_counts_that_make_no_scene() {
    assertThatThrownBy(() -> new SyntheticScenes(0, 1, 64, 0)).isInstanceOf(BadInput.class);
    assertThatThrownBy(() -> new SyntheticScenes(1, 1, 8, 0))
        .hasMessageContaining("an image size of 8");
  }

  private static String digest(Path root) throws Exception {
    Digest digest = new Digest();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path file : paths.filter(Files::isRegularFile).sorted().toList()) {
        digest.add(root.relativize(file).toString().replace('\\', '/'));
        digest.add(Files.readAllBytes(file));
      }
    }
    return digest.hex();
  }

  /** A pool to use in a try block: Java 17's is not closeable. */
  private record Closeable(ForkJoinPool pool) implements AutoCloseable {
    @Override
    public void close() {
      pool.shutdown();
    }
  }
}
