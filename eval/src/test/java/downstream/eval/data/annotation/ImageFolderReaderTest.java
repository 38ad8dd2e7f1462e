package downstream.eval.data.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.data.Audit;
import downstream.eval.data.DataSet;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.ImageTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderReaderTest {
  private static final String TRAIN_AND_VAL =
      """
      train: [{format: image-folder, images: train}]
      val: [{format: image-folder, images: val}]
      """;

  @TempDir Path folder;

  private void image(String name) throws Exception {
    Files.createDirectories(folder.resolve(name).getParent());
    ImageTest.random(20, 10, name.hashCode()).writePng(folder.resolve(name));
  }

  private Path yaml(String text) throws Exception {
    return Files.writeString(folder.resolve("data.yaml"), text);
  }

  @Test
  void an_image_is_one_object_of_its_folders_class() throws Exception {
    image("train/dog/1.png");
    image("train/cat/more/2.png");
    image("val/dog/3.png");

    ImageSet train = DataSets.open(yaml(TRAIN_AND_VAL)).train();

    assertThat(train.categories()).containsExactly(new Category(1, "cat"), new Category(2, "dog"));
    assertThat(train.images())
        .extracting(ImageRecord::name)
        .containsExactly("cat/more/2.png", "dog/1.png");
    assertThat(train.images().get(0).boxes()).containsExactly(Box.whole(1, 1, 20, 10));
    assertThat(train.images().get(1).boxes()).containsExactly(Box.whole(2, 2, 20, 10));
  }

  @Test
  void classes_have_the_same_ids_in_every_split() throws Exception {
    image("train/cat/1.png");
    image("train/dog/2.png");
    image("val/ant/3.png");
    image("val/dog/4.png");

    DataSet data = DataSets.open(yaml(TRAIN_AND_VAL));

    ImageSet val = data.evaluation().values().iterator().next();
    assertThat(val.categories()).isEqualTo(data.train().categories());
    assertThat(val.categories()).extracting(Category::name).containsExactly("ant", "cat", "dog");
    assertThat(val.images().get(1).boxes().get(0).category()).isEqualTo(3);
  }

  @Test
  void named_classes_keep_their_order_and_folder_selects_the_split() throws Exception {
    image("all/train/cat/1.png");
    image("all/val/dog/2.png");
    String source = "[{format: image-folder, images: all, folder: ";

    ImageSet train =
        DataSets.open(
                yaml("classes: [dog, cat]\ntrain: " + source + "train}]\nval: " + source + "val}]"))
            .train();

    assertThat(train.categories()).containsExactly(new Category(1, "dog"), new Category(2, "cat"));
    assertThat(train.images().get(0).boxes().get(0).category()).isEqualTo(2);
  }

  @Test
  void names_an_image_that_has_no_class() throws Exception {
    image("train/cat/1.png");
    image("val/cta/2.png");
    image("val/3.png");
    String classes = "classes: [cat, dog]\n";

    assertThatThrownBy(() -> DataSets.open(yaml(TRAIN_AND_VAL)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("3.png: is in no class folder. Move it into the folder of its class");
    Audit audit = Audit.of(yaml(classes + TRAIN_AND_VAL));
    assertThat(audit.defects())
        .anyMatch(
            defect -> defect.contains("2.png: is in folder 'cta', which is no class. Did you"))
        .anyMatch(defect -> defect.contains("3.png: is in no class folder"));
  }

  @Test
  void the_audit_counts_images_of_each_class() throws Exception {
    image("train/cat/1.png");
    image("train/cat/2.png");
    image("val/dog/3.png");

    Audit audit = Audit.of(yaml(TRAIN_AND_VAL));

    assertThat(audit.exitCode()).isZero();
    assertThat(audit.splits().get(0).boxesByCategory())
        .containsEntry("cat", 2L)
        .containsEntry("dog", 0L);
  }

  @Test
  void the_fingerprint_moves_when_an_image_changes_its_class() throws Exception {
    image("train/cat/1.png");
    image("train/dog/2.png");
    image("val/cat/3.png");
    String before = DataSets.open(yaml(TRAIN_AND_VAL)).train().fingerprint();

    Files.move(folder.resolve("train/cat/1.png"), folder.resolve("train/dog/1.png"));

    assertThat(DataSets.open(yaml(TRAIN_AND_VAL)).train().fingerprint()).isNotEqualTo(before);
    assertThat(List.of(before)).allMatch(digest -> digest.matches("[0-9a-f]{64}"));
  }
}
