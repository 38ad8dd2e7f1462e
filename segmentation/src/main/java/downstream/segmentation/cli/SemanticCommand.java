package downstream.segmentation.cli;

import downstream.eval.BadInput;
import downstream.eval.cli.Subcommand;
import downstream.eval.data.image.Image;
import downstream.eval.data.image.LabelMap;
import downstream.segmentation.metrics.ClassNames;
import downstream.segmentation.metrics.PanopticFile;
import downstream.segmentation.metrics.PanopticQuality;
import downstream.segmentation.metrics.PanopticQuality.Segment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code data semantic}: label maps from a COCO panoptic file. */
@Command(
    name = "semantic",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a label map for every image of a COCO panoptic file, and classes.txt.",
      "Classes are the file's categories in ascending order of id; unlabelled pixels and crowds are"
          + " 255."
    },
    footer = {
      "",
      "Examples:",
      "  downstream data semantic --panoptic panoptic_val2017.json --out semantic",
    })
public final class SemanticCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Option(
      names = "--panoptic",
      required = true,
      paramLabel = "JSON",
      description = "COCO panoptic JSON.")
  private Path panoptic;

  @Option(
      names = "--masks",
      paramLabel = "DIR",
      description = "Folder of its PNGs (default: the folder named like the JSON).")
  private @Nullable Path masks;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Output folder.")
  private Path out;

  @Override
  public String group() {
    return "data";
  }

  @Override
  public Integer call() {
    PanopticFile file = PanopticFile.read(panoptic, PanopticFile.masks(panoptic, masks));
    List<Long> ids = new ArrayList<>(file.classes().keySet());
    if (ids.isEmpty() || ids.size() > LabelMap.IGNORE) {
      throw new BadInput(
          panoptic,
          "has " + ids.size() + " categories; label maps hold 1 to " + LabelMap.IGNORE,
          "Give the true annotations");
    }
    file.images().values().parallelStream().forEach(image -> write(file, image, ids));
    ClassNames.write(
        out.resolve("classes.txt"),
        file.classes().values().stream().map(category -> category.name()).toList());
    spec.commandLine()
        .getOut()
        .println(file.images().size() + " label maps of " + ids.size() + " classes in " + out);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private void write(PanopticFile file, PanopticFile.PanopticImage panoptic, List<Long> classes) {
    Image image = Image.read(panoptic.png());
    int[] ids = panoptic.ids(image);
    Map<Integer, Byte> values = new HashMap<>();
    for (Segment segment : file.counted(panoptic, ids, file.classes())) {
      int value = segment.crowd() ? LabelMap.IGNORE : classes.indexOf(segment.category());
      values.put(segment.id(), (byte) value);
    }
    byte[] labels = new byte[ids.length];
    Arrays.fill(labels, (byte) LabelMap.IGNORE);
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] != PanopticQuality.VOID) {
        labels[i] = Objects.requireNonNull(values.get(ids[i]));
      }
    }
    LabelMap.of(image.width(), image.height(), labels)
        .writePng(out.resolve("masks").resolve(String.valueOf(panoptic.png().getFileName())));
  }
}
