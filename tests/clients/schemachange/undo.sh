"$1/python" undo.py && sh deploy.sh "$1"
