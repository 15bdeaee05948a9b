"""What runs the course: JupyterLab, updates, stored outputs, training, set-up."""
