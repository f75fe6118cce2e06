"""An app's uploads: how they are copied from the volume to the bucket."""
