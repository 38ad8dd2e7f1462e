package downstream.eval.data.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One source of a split as a data YAML writes it; paths are still text.
 *
 * @param format {@code coco}, {@code voc}, {@code masks}, {@code cityscapes}, {@code image-folder}
 *     or {@code images}
 * @param images folder of images
 * @param annotations COCO's JSON file, or VOC's folder of XML files
 * @param masks folder of label maps, named like the images
 * @param root VOC's or Cityscapes' folder, if it is laid out as usual
 * @param list file that names the images of the split, one a line
 * @param prefix how the file names of the split begin
 * @param folder the folder under {@code images} that holds the split
 */
public record Source(
    @Nullable String format,
    @Nullable String images,
    @Nullable String annotations,
    @Nullable String masks,
    @Nullable String root,
    @Nullable String list,
    @Nullable String prefix,
    @Nullable String folder) {

  /**
   * Returns the source's format; {@code where} names the source in the error if there is no such
   * format.
   */
  public Format layout(Object where) {
    return Format.of(where, String.valueOf(format));
  }

  /** Tells whether the source's images have label maps. */
  public boolean hasLabelMaps() {
    return masks != null || String.valueOf(format).equals(Format.CITYSCAPES.toString());
  }

  /** Key to value, for the keys that are given. */
  Map<String, String> keys() {
    Map<String, String> keys = new TreeMap<>();
    Json.MAPPER
        .<JsonNode>valueToTree(this)
        .properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isNull()) {
                keys.put(entry.getKey(), entry.getValue().asText());
              }
            });
    return keys;
  }
}
