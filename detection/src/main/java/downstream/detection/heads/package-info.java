/** Detectors: FCOS, Faster R-CNN and Mask R-CNN, and their settings. */
@NullMarked
package downstream.detection.heads;

import org.jspecify.annotations.NullMarked;
