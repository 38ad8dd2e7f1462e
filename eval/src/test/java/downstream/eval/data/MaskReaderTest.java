package downstream.eval.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskReaderTest extends ReaderContract {
  @Override
  Path pictures() {
    return folder.resolve("pics");
  }

  @Override
  String annotate(List<String> names) throws Exception {
    for (String name : names) {
      LabelMapTest.random(20, 10, 2, 1).writePng(folder.resolve("masks").resolve(name));
    }
    return "format: masks, images: pics, masks: masks";
  }

  private ImageSet open(LabelMap map, String ignore) throws Exception {
    ImageTest.random(20, 10, 1).writePng(pictures().resolve("a.png"));
    map.writePng(folder.resolve("masks/a.png"));
    Path yaml = folder.resolve("data.yaml");
    String source = ": [{format: masks, images: pics, masks: masks}]\n";
    Files.writeString(
        yaml, "classes: [void, sky, road]\n" + ignore + "train" + source + "val" + source);
    return DataSets.open(yaml).train();
  }

  @Test
  void labels_are_numbered_as_label_maps_are_read() throws Exception {
    ImageSet set = open(LabelMapTest.random(20, 10, 3, 1), "ignore: [0]\n");
    assertThat(set.labels()).containsExactly(new Category(0, "sky"), new Category(1, "road"));
    assertThat(set.categories()).isEmpty();
    Picture picture = set.pictures().get(0);
    LabelMap map = LabelMap.read(picture.labelMap().orElseThrow(), set.ignore());
    for (byte value : map.values()) {
      assertThat(value & 0xFF).isIn(0, 1, 255);
    }
    assertThat(open(LabelMapTest.random(20, 10, 3, 1), "").labels()).hasSize(3);
  }

  @Test
  void refuses_a_value_without_a_class_but_not_255_or_ignored_ones() throws Exception {
    LabelMap map = LabelMapTest.random(20, 10, 3, 1);
    map.values()[0] = (byte) 255;
    map.values()[1] = 40;
    map.values()[2] = 40;
    assertThatThrownBy(() -> open(map, ""))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            folder.resolve("masks/a.png")
                + ": 2 pixels have value 40, which has no class. "
                + "'classes' names 0 to 2; add it there or to 'ignore'");
    assertThat(open(map, "ignore: [40]\n").pictures()).hasSize(1);
  }

  @Test
  void refuses_a_label_map_of_another_size_or_kind() throws Exception {
    assertThatThrownBy(() -> open(LabelMapTest.random(10, 20, 3, 1), ""))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("masks/a.png: has 10×20 pixels, its picture has 20×10");
    open(LabelMapTest.random(20, 10, 3, 1), "");
    ImageTest.random(20, 10, 5).writePng(folder.resolve("masks/a.png"));
    assertThatThrownBy(() -> DataSets.open(folder))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("masks/a.png: expected one channel, found RGB of 8 bits");
  }

  @Test
  void refuses_a_picture_without_a_label_map_naming_the_nearest() throws Exception {
    open(LabelMapTest.random(20, 10, 3, 1), "");
    Files.move(folder.resolve("masks/a.png"), folder.resolve("masks/a1.png"));
    assertThatThrownBy(() -> DataSets.open(folder))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            folder.resolve("masks/a.png")
                + ": picture 'a.png' has no label map. The nearest is 'a1.png'");
  }
}
