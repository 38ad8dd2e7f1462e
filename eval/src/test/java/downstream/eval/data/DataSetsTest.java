package downstream.eval.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.image.ImageTest;
import downstream.eval.data.synthetic.SyntheticScenes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataSetsTest {
  @TempDir Path folder;

  @BeforeEach
  void write_two_folders_of_images() {
    for (int i = 0; i < 3; i++) {
      ImageTest.random(6, 4, i).writePng(folder.resolve("one/" + i + ".png"));
      ImageTest.random(6, 4, 10 + i).writePng(folder.resolve("two/" + i + ".png"));
    }
  }

  private DataSet open(String yaml) throws Exception {
    return DataSets.open(Files.writeString(folder.resolve("data.yaml"), yaml));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trian: []                                  | data.yaml: unknown key 'trian'. Did you mean 'train'?
          train: []                                  | data.yaml: split 'train' has no list of sources
          val: [{format: images, images: one}]       | data.yaml: has splits [val]. Define 'train', and 'val' or 'evaluate'
          {val: [{format: images, images: one}], evaluate: {}} | has both 'val' and 'evaluate'
          train: [{format: coca}]                    | data.yaml: train[0]: unknown format 'coca'. Use one of [coco, voc, masks, cityscapes, image-folder, images]
          train: [{images: one}]                     | train[0]: unknown format 'null'
          train: [{format: coco, images: one}]       | train[0]: format coco needs 'annotations'. Add annotations: PATH
          train: [{format: images, images: one, root: x}] | train[0]: format images does not take 'root'
          train: [{format: images, images: one, prefix: 0016E5}] | data.yaml: 'prefix' reads as the number 1600000
          classes: [a, 7]                            | class '7' is not text
          classes: [a, b, a]                         | class 'a' is empty or listed twice
          classes: none.txt                          | none.txt: no such file
          ignore: [256]                              | cannot ignore value '256'
          'train: [{format: masks, images: one, masks: two}]\nval: [{format: images, images: one}]' | label maps need 'classes'
          """)
  void names_what_is_wrong_with_a_yaml(String yaml, String message) {
    assertThatThrownBy(() -> open(yaml.replace("\\n", "\n")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(message);
  }

  @Test
  void names_a_yaml_and_a_folder_that_are_not_there() {
    Path none = folder.resolve("none.yaml");
    assertThatThrownBy(() -> DataSets.open(none))
        .hasMessage(none + ": no such file or folder. Check the path");
    assertThatThrownBy(() -> DataSets.open(folder))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(folder.resolve("data.yaml") + ": no such file");
  }

  @Test
  void an_empty_folder_is_an_error() throws Exception {
    Files.createDirectories(folder.resolve("empty"));
    assertThatThrownBy(() -> open(splits("{format: images, images: empty}")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("train[0]: selects none of 0 images");
  }

  @Test
  void several_sources_are_numbered_through_and_told_apart() throws Exception {
    ImageSet train =
        open(splits("{format: images, images: one}, {format: images, images: two}")).train();
    assertThat(train.images().stream().map(ImageRecord::name))
        .containsExactly("1/0.png", "1/1.png", "1/2.png", "2/0.png", "2/1.png", "2/2.png");
    assertThat(train.images().stream().map(ImageRecord::id))
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(train.name()).isEqualTo(folder.getFileName() + "/train");
  }

  @Test
  void an_image_may_not_be_twice_in_a_split() {
    assertThatThrownBy(
            () -> open(splits("{format: images, images: one}, {format: images, images: ./one}")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("0.png: is twice in split 'train'");
  }

  @Test
  void sources_must_agree_on_categories() throws Exception {
    coco("one", "[{\"id\": 1, \"name\": \"cat\"}]");
    coco("two", "[{\"id\": 2, \"name\": \"cat\"}]");
    String source = "{format: coco, images: %1$s, annotations: %1$s.json}";
    String both = source.formatted("one") + ", " + source.formatted("two");
    assertThatThrownBy(() -> open(splits(both)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("its sources disagree: Category[id=1, name=cat] and Category[id=2");
    coco("two", "[{\"id\": 2, \"name\": \"dog\"}]");
    assertThat(open(splits(both)).train().categories())
        .containsExactly(new Category(1, "cat"), new Category(2, "dog"));
  }

  private void coco(String name, String categories) throws Exception {
    String image = "{\"id\": 1, \"file_name\": \"0.png\"}";
    Files.writeString(
        folder.resolve(name + ".json"),
        "{\"images\": [" + image + "], \"annotations\": [], \"categories\": " + categories + "}");
  }

  @Test
  void the_place_of_a_set_does_not_move_its_fingerprint() throws Exception {
    String before = open(splits("{format: images, images: one}")).train().fingerprint();
    Files.move(folder.resolve("one"), folder.resolve("three"));
    assertThat(open(splits("{format: images, images: three}")).train().fingerprint())
        .isEqualTo(before);
  }

  @Test
  void joined_boxes_are_one_class_by_name_and_leave_the_fingerprint() {
    List<String> sources =
        List.of(
            new SyntheticScenes(4, 2, 64, 1).write(folder.resolve("a")).toString(),
            new SyntheticScenes(3, 2, 64, 2).write(folder.resolve("b")) + "@val");
    ImageSet bare = DataSets.images(sources);
    ImageSet set = DataSets.withBoxes(sources);
    assertThat(set.fingerprint()).isEqualTo(bare.fingerprint());
    assertThat(set.images()).extracting(ImageRecord::name).isEqualTo(names(bare));
    assertThat(set.categories()).extracting(Category::name).isSorted().doesNotHaveDuplicates();
    ImageSet first = DataSets.open(folder.resolve("a")).train();
    for (int i = 0; i < 4; i++) {
      assertThat(classes(set, i)).isNotEmpty().isEqualTo(classes(first, i));
    }
    assertThat(bare.images()).allMatch(image -> image.boxes().isEmpty());
  }

  private static List<String> names(ImageSet set) {
    return set.images().stream().map(ImageRecord::name).toList();
  }

  /** The names of the classes of an image's boxes. */
  private static List<String> classes(ImageSet set, int image) {
    Map<Long, String> names = new HashMap<>();
    set.categories().forEach(category -> names.put(category.id(), category.name()));
    return set.images().get(image).boxes().stream()
        .map(box -> String.valueOf(names.get(box.category())))
        .toList();
  }

  @Test
  void images_come_from_folders_and_from_splits() throws Exception {
    open(splits("{format: images, images: one}"));
    String yaml = folder.resolve("data.yaml").toString();
    String two = folder.resolve("two").toString();
    assertThat(DataSets.images(List.of(yaml, two)).images()).hasSize(6);
    assertThat(DataSets.images(List.of(folder + "@val")).images()).hasSize(3);
    ImageSet set = DataSets.images(List.of(two));
    assertThat(set.categories()).isEmpty();
    assertThat(set.name()).isEqualTo(two);
    assertThatThrownBy(() -> DataSets.images(List.of(yaml + "@test")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("has no split 'test'. Choose one of [train, val]");
    assertThatThrownBy(() -> DataSets.images(List.of(two, yaml + "@val", two)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("two/0.png: is given twice");
    assertThatThrownBy(() -> DataSets.images(List.of("nowhere")))
        .isInstanceOf(BadInput.class)
        .hasMessage("--images nowhere: no such file or folder. Check the path");
    assertThatThrownBy(() -> DataSets.images(List.of(two + "@val")))
        .hasMessageContaining("a folder of images has no splits");
  }

  private static String splits(String train) {
    return "train: [" + train + "]\nval: [{format: images, images: two}]\n";
  }
}
