package downstream.eval.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.SortedFiles;
import downstream.eval.data.image.Image;
import downstream.eval.data.image.ImageFile;
import downstream.eval.data.image.ImageHeader;
import downstream.eval.data.image.ImageSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real data sets, where they are at hand; what is expected of them was counted by other means. */
class SharedDataTest {
  private final Path shared = Path.of(System.getProperty("downstream.shared", "none"), "data");
  @TempDir Path folder;

  @BeforeEach
  void skip_without_the_shared_data() {
    assumeTrue(Files.isDirectory(shared), "there is no folder " + shared);
  }

  @Test
  void reads_blood_cells_in_voc_format() throws Exception {
    DataSet set =
        DataSets.open(
            yaml(
                """
                name: bccd
                classes: [RBC, WBC, Platelets]
                train: [{format: voc, root: %1$s/bccd, list: %1$s/bccd/ImageSets/Main/train.txt}]
                val: [{format: voc, root: %1$s/bccd, list: %1$s/bccd/ImageSets/Main/val.txt}]
                """));
    ImageSet val = split(set, "val");
    assertThat(set.train().images()).hasSize(205);
    assertThat(val.images()).hasSize(87);
    assertThat(boxes(set.train()) + boxes(val)).isEqualTo(3943 - 2);
    assertThat(set.train().warnings().size() + val.warnings().size()).isEqualTo(2);
    ImageRecord first = val.images().get(0);
    assertThat(first.name()).isEqualTo("BloodImage_00000.jpg");
    Box box = first.boxes().get(0);
    assertThat(List.of(box.x(), box.y(), box.width(), box.height()))
        .containsExactly(259.0, 176.0, 232.0, 200.0);
    assertThat(box.category()).isEqualTo(2);
  }

  @Test
  void reads_road_scenes_by_drive() throws Exception {
    String source = "{format: masks, images: %1$s/camvid/X, masks: %1$s/camvid/Xannot, prefix: \"";
    String train = source.replace("X", "train");
    String val = source.replace("X", "val");
    DataSet set =
        DataSets.open(
            yaml(
                "name: camvid\nclasses: %1$s/camvid/classes.txt\nignore: [11]\n"
                    + ("train: [" + train + "0016E5\"}, " + val + "0016E5\"}]\n")
                    + ("evaluate: {day: [" + train + "0006R0\"}], ")
                    + ("dusk: [" + train + "0001TP\"}]}\n")));
    assertThat(set.train().images()).hasSize(305);
    assertThat(split(set, "day").images()).hasSize(101);
    assertThat(split(set, "dusk").images()).hasSize(62);
    assertThat(set.train().labels()).hasSize(11);
    assertThat(set.train().categories()).isEmpty();
    assertThat(set.train().warnings()).isEmpty();
    assertThat(split(set, "day").name()).isEqualTo("camvid/day");
  }

  @Test
  void reads_everyday_scenes_in_coco_format() throws Exception {
    DataSet set =
        DataSets.open(
            yaml(
                """
                train: [{format: coco, images: %1$s/coco128/images, annotations: %1$s/coco128/instances_boxes.json}]
                val: [{format: images, images: %1$s/coco128/images}]
                """));
    assertThat(set.train().images()).hasSize(128);
    assertThat(set.train().categories()).hasSize(80);
    assertThat(boxes(set.train())).isEqualTo(929);
    assertThat(set.train().images().get(0).id()).isEqualTo(9);
    assertThat(set.train().images().get(0).boxes().get(0).segmentation()).isEmpty();
  }

  @Test
  void headers_tell_the_size_that_decoding_gives() {
    List<Path> files = List.copyOf(SortedFiles.images(shared.resolve("coco128/images")).values());
    assertThat(files).hasSize(128);
    for (Path file : files) {
      Image image = Image.read(file);
      assertThat(ImageHeader.size(ImageFile.bytes(file)))
          .contains(new ImageSize(image.width(), image.height()));
    }
  }

  @Test
  void opens_folders_and_splits_as_unlabelled_images() throws Exception {
    Path yaml =
        yaml(
            """
            train: [{format: images, images: %1$s/camvid/train}]
            val: [{format: images, images: %1$s/camvid/val}]
            """);
    ImageSet set = DataSets.images(List.of(shared.resolve("pool").toString(), yaml + "@val"));
    assertThat(set.images()).hasSize(1864 + 101);
    assertThat(set.images().get(1864 + 100).id()).isEqualTo(1864 + 101);
  }

  private static ImageSet split(DataSet set, String name) {
    return Objects.requireNonNull(set.evaluation().get(name));
  }

  private static int boxes(ImageSet set) {
    return set.images().stream().mapToInt(image -> image.boxes().size()).sum();
  }

  private Path yaml(String text) throws Exception {
    String root = shared.toAbsolutePath().normalize().toString();
    return Files.writeString(folder.resolve("data.yaml"), text.replace("%1$s", root));
  }
}
