package downstream.pretrain.mining;

import downstream.eval.AtomicFile;
import downstream.eval.data.ImageSet;
import downstream.pretrain.views.Region;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What people look at after mining: {@code mining.json}, {@code neighbours.png}, {@code pairs.png}.
 */
final class MiningReport {
  static final String NUMBERS = "mining.json";

  private MiningReport() {}

  /** Writes the three files, the numbers last. */
  static void write(Mined mined, ImageSet images, ProposalCache proposals, Path folder) {
    Contact contact = new Contact(mined, images);
    contact.drawNeighbours(folder.resolve("neighbours.png"));
    contact.drawPairs(folder.resolve("pairs.png"));
    Numbers numbers = numbers(mined, images, proposals);
    AtomicFile.write(folder.resolve(NUMBERS), numbers.pretty());
  }

  private static Numbers numbers(Mined mined, ImageSet images, ProposalCache proposals) {
    Truth truth = new Truth(images);
    BoxRecall recall = new BoxRecall();
    double proposed = 0;
    double kept = 0;
    for (int image = 0; image < mined.size(); image++) {
      List<Region> all = proposals.ranked(images.pictures().get(image).file());
      recall.add(images, image, truth, all, mined.rois(image));
      proposed += all.size();
      kept += mined.rois(image).size();
    }
    int count = mined.size();
    List<Numbers.Agreement> agreement = truth.isKnown() ? agreement(mined, truth) : List.of();
    List<Numbers.Recall> recalls = truth.isKnown() ? recall.rows() : List.of();
    return new Numbers(mined.digest(), count, proposed / count, kept / count, agreement, recalls);
  }

  private static List<Numbers.Agreement> agreement(Mined mined, Truth truth) {
    List<Numbers.Agreement> rows = new ArrayList<>(NeighbourAgreement.of(mined, truth));
    rows.addAll(PairAgreement.of(mined, truth));
    return rows;
  }
}
