/** The command that scores detections without a model. */
@NullMarked
package downstream.detection.cli;

import org.jspecify.annotations.NullMarked;
