/** Training targets: matching of anchors and proposals to ground truth, sampling. */
@NullMarked
package downstream.detection.targets;

import org.jspecify.annotations.NullMarked;
