package downstream.eval.data.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.ReaderContract;
import downstream.eval.data.image.ImageTest;
import downstream.eval.data.image.LabelMap;
import downstream.eval.data.image.LabelMapTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskFolderReaderTest extends ReaderContract {
  @Override
  public Path imageFolder() {
    return folder.resolve("pics");
  }

  @Override
  public String annotate(List<String> names) throws Exception {
    for (String name : names) {
      LabelMapTest.random(20, 10, 2, 1).writePng(folder.resolve("masks").resolve(name));
    }
    return "format: masks, images: pics, masks: masks";
  }

  private ImageSet open(LabelMap map, String ignore) throws Exception {
    ImageTest.random(20, 10, 1).writePng(imageFolder().resolve("a.png"));
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
    ImageRecord image = set.images().get(0);
    LabelMap map = LabelMap.read(image.labelMap().orElseThrow(), set.ignore());
    for (byte value : map.values()) {
      assertThat(value & 0xFF).isIn(0, 1, 255);
    }
    assertThat(open(LabelMapTest.random(20, 10, 3, 1), "").labels()).hasSize(3);
  }

  /** ADE20K: 150 classes have the values 1 to 150, and 0 is none. */
  @Test
  void reduce_zero_label_takes_0_out_and_moves_the_rest_down() throws Exception {
    LabelMap map = LabelMap.of(20, 10, new byte[200]);
    map.values()[0] = 1;
    map.values()[1] = 3;
    ImageSet set = open(map, "reduceZeroLabel: true\n");

    assertThat(set.labels())
        .containsExactly(new Category(0, "void"), new Category(1, "sky"), new Category(2, "road"));
    LabelMap read = LabelMap.read(set.images().get(0).labelMap().orElseThrow(), set.ignore());
    assertThat(read.at(0, 0)).isEqualTo(0);
    assertThat(read.at(1, 0)).isEqualTo(2);
    assertThat(read.at(2, 0)).isEqualTo(LabelMap.IGNORE);
    assertThatThrownBy(() -> open(map, "reduceZeroLabel: true\nignore: [0]\n"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("has 'reduceZeroLabel' and also removes value 0 in another way");
  }

  /**
   * VOC's segmentation: palette PNGs beside many images, of which a list names those that count.
   */
  @Test
  void reads_voc_segmentation_by_its_list() throws Exception {
    for (String name : List.of("a", "b")) {
      ImageTest.random(4, 2, 1).writePng(folder.resolve("JPEGImages/" + name + ".png"));
    }
    byte[] ramp = new byte[256];
    var palette = new java.awt.image.IndexColorModel(8, 256, ramp, ramp, ramp);
    var indexed =
        new java.awt.image.BufferedImage(
            4, 2, java.awt.image.BufferedImage.TYPE_BYTE_INDEXED, palette);
    indexed.getRaster().setDataElements(0, 0, 4, 2, new byte[] {0, 1, 2, -1, 0, 1, 2, -1});
    Files.createDirectories(folder.resolve("SegmentationClass"));
    javax.imageio.ImageIO.write(indexed, "png", folder.resolve("SegmentationClass/a.png").toFile());
    Files.writeString(folder.resolve("train.txt"), "a\n");
    String source =
        ": [{format: masks, images: JPEGImages, masks: SegmentationClass, list: train.txt}]\n";
    Path yaml = folder.resolve("data.yaml");
    Files.writeString(yaml, "classes: [background, aeroplane, bicycle]\ntrain" + source);
    ImageSet set = DataSets.labelled(yaml.toString());

    assertThat(set.images()).hasSize(1);
    assertThat(LabelMap.read(set.images().get(0).labelMap().orElseThrow(), set.ignore()).values())
        .containsExactly(0, 1, 2, 255, 0, 1, 2, 255);
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
                + "Add it to 'ignore', or to 'classes', which has values 0 to 2");
    assertThat(open(map, "ignore: [40]\n").images()).hasSize(1);
  }

  @Test
  void refuses_a_label_map_of_another_size_or_kind() throws Exception {
    assertThatThrownBy(() -> open(LabelMapTest.random(10, 20, 3, 1), ""))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("masks/a.png: has 10×20 pixels, its image has 20×10");
    open(LabelMapTest.random(20, 10, 3, 1), "");
    ImageTest.random(20, 10, 5).writePng(folder.resolve("masks/a.png"));
    assertThatThrownBy(() -> DataSets.open(folder))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("masks/a.png: expected one channel, found RGB of 8 bits");
  }

  @Test
  void refuses_an_image_without_a_label_map_naming_the_nearest() throws Exception {
    open(LabelMapTest.random(20, 10, 3, 1), "");
    Files.move(folder.resolve("masks/a.png"), folder.resolve("masks/a1.png"));
    assertThatThrownBy(() -> DataSets.open(folder))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            folder.resolve("masks/a.png")
                + ": image 'a.png' has no label map. Rename the label map; the nearest name is"
                + " 'a1.png'");
  }
}
